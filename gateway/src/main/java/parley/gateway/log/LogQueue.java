package parley.gateway.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.util.Iterator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Hands log lines to a thread of its own, so that no thread that logs ever waits for a disk, a
/// terminal or a pipe. Bounded: what finds no room is counted, and a line says how many when there
/// is room again.
///
/// The JVM's end waits a moment for the last lines ([#flush]).
public final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent>
    implements AppenderAttachable<ILoggingEvent> {
  static final int CAPACITY = 8192;
  private static final long MOST_FLUSHING_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long LOOK_AGAIN_NANOS = 1_000_000;
  private static final AtomicLong DROPPED = new AtomicLong();
  private static volatile @Nullable LogQueue current;

  private final BlockingQueue<ILoggingEvent> lines = new ArrayBlockingQueue<>(CAPACITY);
  private final AppenderAttachableImpl<ILoggingEvent> out = new AppenderAttachableImpl<>();
  private final AtomicInteger pending = new AtomicInteger();
  private long told = DROPPED.get();
  private @Nullable Thread thread;

  /// Lines of this process that found the queue full; any thread.
  public static long droppedLines() {
    return DROPPED.get();
  }

  /// Waits until the lines so far are written, or two seconds: for the end of the program.
  public static void flush() {
    LogQueue queue = current;
    long deadline = System.nanoTime() + MOST_FLUSHING_NANOS;
    while (queue != null && queue.pending.get() > 0 && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  @Override
  public void start() {
    current = this;
    thread = Thread.ofPlatform().name("log").daemon().start(this::write);
    Runtime.getRuntime().addShutdownHook(new Thread(LogQueue::flush, "log flush"));
    super.start();
  }

  @Override
  public void stop() {
    flush();
    super.stop();
    if (thread != null) {
      thread.interrupt();
    }
    out.detachAndStopAllAppenders();
  }

  @Override
  protected void append(ILoggingEvent line) {
    line.prepareForDeferredProcessing();
    pending.incrementAndGet();
    if (!lines.offer(line)) {
      pending.decrementAndGet();
      DROPPED.incrementAndGet();
    }
  }

  private void write() {
    try {
      while (isStarted() || !Thread.currentThread().isInterrupted()) {
        ILoggingEvent line = lines.take();
        try {
          out.appendLoopOnAppenders(line);
          tellDropped();
        } catch (RuntimeException e) {
          addError("a log line could not be written", e);
        } finally {
          pending.decrementAndGet();
        }
      }
    } catch (InterruptedException _) {
      // stopped
    }
  }

  private void tellDropped() {
    long dropped = DROPPED.get();
    if (dropped > told && lines.isEmpty() && getContext() instanceof LoggerContext context) {
      Logger logger = context.getLogger(LogQueue.class);
      String text =
          "%d log lines were dropped: they came faster than they could be written"
              .formatted(dropped - told);
      told = dropped;
      out.appendLoopOnAppenders(
          new LoggingEvent(LogQueue.class.getName(), logger, Level.WARN, text, null, null));
    }
  }

  @Override
  public void addAppender(Appender<ILoggingEvent> appender) {
    out.addAppender(appender);
  }

  @Override
  public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
    return out.iteratorForAppenders();
  }

  @Override
  public @Nullable Appender<ILoggingEvent> getAppender(String name) {
    return out.getAppender(name);
  }

  @Override
  public boolean isAttached(Appender<ILoggingEvent> appender) {
    return out.isAttached(appender);
  }

  @Override
  public void detachAndStopAllAppenders() {
    out.detachAndStopAllAppenders();
  }

  @Override
  public boolean detachAppender(Appender<ILoggingEvent> appender) {
    return out.detachAppender(appender);
  }

  @Override
  public boolean detachAppender(String name) {
    return out.detachAppender(name);
  }
}
