package parley.gateway.record;

/// One octet of G.711 to a linear 16-bit sample (ITU-T G.711, tables 1b and 2b).
final class G711 {
  private static final int BIAS = 0x84;

  private G711() {}

  static short muLaw(byte octet) {
    int inverted = ~octet;
    int magnitude = (((inverted & 0x0F) << 3) + BIAS) << ((inverted & 0x70) >>> 4);
    return (short) ((inverted & 0x80) == 0 ? magnitude - BIAS : BIAS - magnitude);
  }

  static short aLaw(byte octet) {
    int even = octet ^ 0x55;
    int segment = (even & 0x70) >>> 4;
    int step = (even & 0x0F) << 4;
    int magnitude = segment == 0 ? step + 8 : (step + 0x108) << (segment - 1);
    return (short) ((even & 0x80) == 0 ? -magnitude : magnitude);
  }
}
