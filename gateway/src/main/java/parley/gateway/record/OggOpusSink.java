package parley.gateway.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Opus packets as they came, in an Ogg file (RFC 7845).
///
/// A granule position counts the samples of the packets before it, so it can be right only when
/// missing time is filled with packets; those ask the decoder to conceal (RFC 7845, 4.1). The
/// encoder's pre-skip does not go over RTP: it is written as 0, and the first packet is at 0 as in
/// the WAV export.
final class OggOpusSink implements SpeechSink {
  private static final int VERSION = 1;

  private final OggPages pages;
  private final RecordingHeader header;
  private byte[] last = new byte[0];
  private long position;

  OggOpusSink(OutputFile out, int ssrc, RecordingHeader header) {
    this.pages = new OggPages(out, ssrc);
    this.header = header;
  }

  @Override
  public Placed frame(long tick, byte[] payload) throws IOException {
    int samples = OpusPacket.samples(payload);
    if (samples < 0) {
      return Placed.UNREADABLE;
    }
    if (tick + samples <= position) {
      return Placed.OVERLAPPING;
    }
    if (last.length == 0) {
      writeHeaders(payload);
    } else {
      conceal(tick - position);
    }
    position += samples;
    pages.packet(payload, position);
    last = payload;
    return Placed.WRITTEN;
  }

  @Override
  public Path finish() throws IOException {
    return pages.finish();
  }

  @Override
  public void close() throws IOException {
    pages.close();
  }

  private void conceal(long ticks) throws IOException {
    for (byte[] packet : OpusPacket.concealment(last, Math.max(0, ticks))) {
      position += OpusPacket.samples(packet);
      pages.packet(packet, position);
    }
  }

  private void writeHeaders(byte[] first) throws IOException {
    byte channels = (byte) (OpusPacket.isStereo(first) ? 2 : 1);
    ByteBuffer head = ByteBuffer.allocate(19).order(ByteOrder.LITTLE_ENDIAN);
    head.put("OpusHead".getBytes(StandardCharsets.US_ASCII)).put((byte) VERSION).put(channels);
    head.putShort((short) 0).putInt(OpusPacket.CLOCK_RATE).putShort((short) 0).put((byte) 0);
    pages.header(head.array());
    pages.header(tags());
  }

  private byte[] tags() {
    List<String> comments =
        List.of(
            "ARTIST=" + header.speaker(),
            "ALBUM=" + header.group(),
            "DATE=" + header.started(),
            "CSB-ID=%08x".formatted(header.csbId()));
    ByteBuffer tags = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    tags.put("OpusTags".getBytes(StandardCharsets.US_ASCII));
    text(tags, "parley");
    tags.putInt(comments.size());
    comments.forEach(comment -> text(tags, comment));
    var octets = new byte[tags.position()];
    tags.get(0, octets);
    return octets;
  }

  private static void text(ByteBuffer to, String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    to.putInt(octets.length).put(octets);
  }
}
