package parley.gateway.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A burst's speech as files: one for each stream, with the SSRC in the name where there are
/// several.
final class SpeechExporter implements Exporter {
  private final PayloadTypes types;
  private final SpeechStream.SinkOpener opener;
  private final ExportTally tally;
  private final Map<Integer, SpeechStream> streams = new LinkedHashMap<>();

  SpeechExporter(PayloadTypes types, SpeechStream.SinkOpener opener, ExportTally tally) {
    this.types = types;
    this.opener = opener;
    this.tally = tally;
  }

  @Override
  public void rtp(RtpFrame frame) throws IOException {
    streams.computeIfAbsent(frame.ssrc(), _ -> new SpeechStream(types, opener, tally)).add(frame);
  }

  @Override
  public void rtcp(long receivedNanos, byte[] packet) {}

  @Override
  public List<Path> finish() throws IOException {
    var files = new ArrayList<Path>();
    for (SpeechStream stream : streams.values()) {
      stream.finish().ifPresent(files::add);
    }
    return files;
  }

  @Override
  public void close() throws IOException {
    for (SpeechStream stream : streams.values()) {
      stream.close();
    }
  }
}
