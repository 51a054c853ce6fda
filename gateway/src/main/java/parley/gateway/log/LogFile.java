package parley.gateway.log;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/// A rotated log file whose disk may refuse: such lines are lost and counted, and the first line
/// that is written again says how many.
public final class LogFile extends RollingFileAppender<ILoggingEvent> {
  private static final String NOTICE = "%d log lines are missing here, the disk did not take them";
  private static final AtomicLong LOST = new AtomicLong();

  /// Lines of this process that the disk did not take; any thread.
  public static long lostLines() {
    return LOST.get();
  }

  @Override
  public void openFile(String file) throws IOException {
    streamWriteLock.lock();
    try {
      setOutputStream(new LossyStream(new FileOutputStream(file, isAppend()), isPlain()));
    } finally {
      streamWriteLock.unlock();
    }
  }

  private boolean isPlain() {
    return getEncoder() instanceof PatternLayoutEncoder;
  }

  /// Writes whole lines; one that fails is counted instead of being thrown.
  private static final class LossyStream extends OutputStream {
    private final OutputStream file;
    private final String notice;
    private long lost;

    LossyStream(OutputStream file, boolean plain) {
      this.file = file;
      this.notice = (plain ? NOTICE : "{\"level\":\"WARN\",\"message\":\"" + NOTICE + "\"}") + "\n";
    }

    @Override
    public void write(int octet) {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] line, int offset, int length) {
      try {
        if (lost > 0) {
          file.write(notice());
          lost = 0;
        }
        file.write(line, offset, length);
      } catch (IOException _) {
        lost++;
        LOST.incrementAndGet();
      }
    }

    /// Begins a line of its own: the one before may have been cut.
    private byte[] notice() {
      return ("\n" + notice.formatted(lost)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void flush() throws IOException {
      file.flush();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
