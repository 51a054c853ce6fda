package parley.gateway.record;

import java.util.ArrayList;
import java.util.List;

/// What the first octets of an Opus packet tell (RFC 6716, 3.1 and 3.2), and packets that ask a
/// decoder to conceal.
final class OpusPacket {
  /// The clock of Opus whatever its bandwidth (RFC 7587, 4.1).
  static final int CLOCK_RATE = 48_000;

  /// The shortest frame, 2.5 ms: gaps are filled in multiples of it.
  static final int QUANTUM = 120;

  private static final int[] SILK = {480, 960, 1920, 2880};
  private static final int[] HYBRID = {480, 960};
  private static final int[] CELT = {120, 240, 480, 960};
  private static final int FRAME_20_MS = 960;
  private static final int MOST_SAMPLES = 5760;
  private static final int MOST_CONCEALED_FRAMES = 6;

  /// 48 frames of 1275 octets with their lengths; also what fits one Ogg page.
  private static final int MOST_OCTETS = 61_440;

  private OpusPacket() {}

  /// Samples at 48 kHz in all frames, or -1 for what is no Opus packet.
  static int samples(byte[] packet) {
    if (packet.length == 0 || packet.length > MOST_OCTETS) {
      return -1;
    }
    int frames =
        switch (packet[0] & 3) {
          case 0 -> 1;
          case 1, 2 -> 2;
          default -> packet.length < 2 ? 0 : packet[1] & 0x3F;
        };
    int samples = frames * frameSamples(config(packet));
    return frames == 0 || samples > MOST_SAMPLES ? -1 : samples;
  }

  static boolean isStereo(byte[] packet) {
    return (packet[0] & 4) != 0;
  }

  /// Packets of empty frames that last `samples`, rounded down to 2.5 ms: they stand where packets
  /// are missing (RFC 7845, 4.1). Mode, bandwidth and channels are those of `like`; only what is
  /// shorter than 10 ms needs CELT frames.
  static List<byte[]> concealment(byte[] like, long samples) {
    var packets = new ArrayList<byte[]>();
    int config = config(like);
    int stereo = like[0] & 4;
    long left = samples;
    for (long frames = left / FRAME_20_MS; frames > 0; ) {
      int m = (int) Math.min(frames, MOST_CONCEALED_FRAMES);
      packets.add(new byte[] {(byte) (withFrames(config, 960) << 3 | stereo | 3), (byte) m});
      frames -= m;
      left -= (long) m * FRAME_20_MS;
    }
    for (int frame : new int[] {480, 240, 120}) {
      if (left >= frame) {
        packets.add(new byte[] {(byte) (withFrames(config, frame) << 3 | stereo)});
        left -= frame;
      }
    }
    return packets;
  }

  private static int config(byte[] packet) {
    return (packet[0] & 0xFF) >>> 3;
  }

  private static int frameSamples(int config) {
    if (config < 12) {
      return SILK[config & 3];
    }
    return config < 16 ? HYBRID[config & 1] : CELT[config & 3];
  }

  /// The configuration of the same mode and bandwidth with frames of 960, 480, 240 or 120 samples.
  private static int withFrames(int config, int samples) {
    if (samples < 480 || config >= 16) {
      return celtBase(config) + Integer.numberOfTrailingZeros(samples / QUANTUM);
    }
    int first = config < 12 ? config & ~3 : config & ~1;
    return samples == FRAME_20_MS ? first + 1 : first;
  }

  /// The first configuration of CELT with this bandwidth; it has no medium band and takes wide.
  private static int celtBase(int config) {
    if (config >= 16) {
      return config & ~3;
    }
    if (config >= 12) {
      return config < 14 ? 24 : 28;
    }
    return config < 4 ? 16 : 20;
  }
}
