package parley.gateway.record;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// One SSRC on its way into one file: puts packets in order, then in time.
///
/// A packet may come as late as the replay list of a receiver reaches, 1024 packets; so many wait
/// here.
final class SpeechStream implements Closeable {
  private static final int WINDOW = 1024;

  /// Opens the file once the first payload tells its format; null when the format cannot be
  /// exported.
  interface SinkOpener {
    @Nullable SpeechSink open(PayloadFormat format, int ssrc, byte[] first) throws IOException;
  }

  private final PayloadTypes types;
  private final SinkOpener opener;
  private final ExportTally tally;
  private final PriorityQueue<RtpFrame> waiting =
      new PriorityQueue<>(Comparator.comparingLong(RtpFrame::index));
  private long lastIndex = -1;
  private @Nullable SpeechSink sink;
  private @Nullable Timeline timeline;
  private @Nullable PayloadFormat opened;

  SpeechStream(PayloadTypes types, SinkOpener opener, ExportTally tally) {
    this.types = types;
    this.opener = opener;
    this.tally = tally;
  }

  void add(RtpFrame frame) throws IOException {
    waiting.add(frame);
    if (waiting.size() > WINDOW) {
      place(waiting.remove());
    }
  }

  /// The file, or nothing where the stream had no packet that could be exported.
  Optional<Path> finish() throws IOException {
    while (!waiting.isEmpty()) {
      place(waiting.remove());
    }
    if (timeline != null) {
      tally.timestampJumps += timeline.jumps();
    }
    return sink == null ? Optional.empty() : Optional.of(sink.finish());
  }

  @Override
  public void close() throws IOException {
    if (sink != null) {
      sink.close();
    }
  }

  private void place(RtpFrame frame) throws IOException {
    if (frame.index() <= lastIndex) {
      tally.duplicates++;
      return;
    }
    tally.missing += lastIndex < 0 ? 0 : frame.index() - lastIndex - 1;
    lastIndex = frame.index();
    PayloadFormat format = types.find(frame.payloadType());
    byte[] payload = frame.payload();
    if (payload.length == 0) {
      return; // nothing but a header: it keeps a path open
    }
    if (format == null || !isOpenFor(format, frame.ssrc(), payload)) {
      tally.unsupported++;
      return;
    }
    count(sinkAndTime(frame, payload));
  }

  private SpeechSink.Placed sinkAndTime(RtpFrame frame, byte[] payload) throws IOException {
    if (sink == null || timeline == null) {
      throw new IllegalStateException("no file is open for the stream");
    }
    return sink.frame(timeline.place(frame), payload);
  }

  private boolean isOpenFor(PayloadFormat format, int ssrc, byte[] payload) throws IOException {
    if (opened == null) {
      sink = opener.open(format, ssrc, payload);
      if (sink == null) {
        return false;
      }
      timeline = new Timeline(format.clockRate());
      opened = format;
    }
    return format.equals(opened);
  }

  private void count(SpeechSink.Placed placed) {
    switch (placed) {
      case WRITTEN -> {}
      case UNREADABLE -> tally.unreadable++;
      case OVERLAPPING -> tally.overlapping++;
    }
  }
}
