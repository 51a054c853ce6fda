package parley.gateway.ue;

/// How long an Opus packet lasts, told by its first one or two octets (RFC 6716, 3.1 and 3.2).
final class OpusToc {
  private static final int[] SILK = {480, 960, 1920, 2880};
  private static final int[] HYBRID = {480, 960};
  private static final int[] CELT = {120, 240, 480, 960};

  /// No packet may last longer than 120 ms (RFC 6716, 3.4, R5).
  private static final int MAX_SAMPLES = 5760;

  private OpusToc() {}

  /// Samples at 48 kHz in all frames of the packet, or -1 when no decoder would take it.
  static int samples(byte[] packet) {
    if (packet.length == 0) {
      return -1;
    }
    int frames = frames(packet);
    int samples = frames * frameSamples((packet[0] & 0xFF) >>> 3);
    return frames < 1 || samples > MAX_SAMPLES ? -1 : samples;
  }

  private static int frames(byte[] packet) {
    return switch (packet[0] & 3) {
      case 0 -> 1;
      case 1, 2 -> 2;
      default -> packet.length < 2 ? -1 : packet[1] & 0x3F;
    };
  }

  private static int frameSamples(int config) {
    if (config < 12) {
      return SILK[config & 3];
    }
    return config < 16 ? HYBRID[config & 1] : CELT[config & 3];
  }
}
