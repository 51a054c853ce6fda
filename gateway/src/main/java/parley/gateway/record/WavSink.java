package parley.gateway.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Decoded speech as WAV: linear 16-bit samples at the rate of the RTP clock, so that a tick is a
/// sample; zeros where packets are missing.
final class WavSink implements SpeechSink {
  private static final int HEADER_OCTETS = 44;
  private static final long MOST_DATA_OCTETS = 0xFFFF_FFFFL - HEADER_OCTETS;
  private static final int PIECE_SAMPLES = 4096;

  private final OutputFile out;
  private final SpeechDecoder decoder;
  private final int sampleRate;
  private long position;

  WavSink(OutputFile out, SpeechDecoder decoder, int sampleRate) throws IOException {
    this.out = out;
    this.decoder = decoder;
    this.sampleRate = sampleRate;
    out.write(header(0));
  }

  @Override
  public Placed frame(long tick, byte[] payload) throws IOException {
    short[] samples = decoder.decode(payload);
    if (samples == null) {
      return Placed.UNREADABLE;
    }
    int channels = decoder.channels();
    int length = samples.length / channels;
    if (tick + length <= position) {
      return Placed.OVERLAPPING;
    }
    silence(tick - position);
    int skipped = (int) (position - tick);
    write(samples, skipped * channels);
    position += length - skipped;
    return Placed.WRITTEN;
  }

  @Override
  public Path finish() throws IOException {
    out.patch(0, ByteBuffer.wrap(header(position)));
    return out.finish();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void silence(long ticks) throws IOException {
    requireRoom(Math.max(0, ticks));
    var zeros = new short[PIECE_SAMPLES * decoder.channels()];
    for (long left = ticks; left > 0; ) {
      int piece = (int) Math.min(left, PIECE_SAMPLES);
      write(zeros, zeros.length - piece * decoder.channels());
      left -= piece;
      position += piece;
    }
  }

  private void write(short[] samples, int from) throws IOException {
    requireRoom((samples.length - from) / decoder.channels());
    for (int i = from; i < samples.length; i++) {
      out.room(2).put((byte) samples[i]).put((byte) (samples[i] >>> 8));
    }
  }

  private void requireRoom(long more) throws IOException {
    if ((position + more) * 2 * decoder.channels() > MOST_DATA_OCTETS) {
      throw new IOException("the WAV file would be over 4 GiB; export as ogg or pcapng");
    }
  }

  private byte[] header(long samples) {
    int frameOctets = 2 * decoder.channels();
    long dataOctets = samples * frameOctets;
    ByteBuffer header = ByteBuffer.allocate(HEADER_OCTETS).order(ByteOrder.LITTLE_ENDIAN);
    ascii(header, "RIFF").putInt((int) (dataOctets + HEADER_OCTETS - 8));
    ascii(header, "WAVEfmt ").putInt(16).putShort((short) 1);
    header.putShort((short) decoder.channels()).putInt(sampleRate);
    header.putInt(sampleRate * frameOctets).putShort((short) frameOctets).putShort((short) 16);
    ascii(header, "data").putInt((int) dataOctets);
    return header.array();
  }

  private static ByteBuffer ascii(ByteBuffer to, String text) {
    return to.put(text.getBytes(StandardCharsets.US_ASCII));
  }
}
