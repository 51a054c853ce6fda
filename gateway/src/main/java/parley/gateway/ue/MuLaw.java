package parley.gateway.ue;

/// Linear samples to mu-law (ITU-T G.711, table 2a): 14 of 16 bits into 8, all bits inverted.
final class MuLaw {
  private static final int BIAS = 0x84;
  private static final int CLIP = 32_635;

  private MuLaw() {}

  static byte encode(short sample) {
    int sign = sample < 0 ? 0x80 : 0;
    int magnitude = Math.min(Math.abs((int) sample), CLIP) + BIAS;
    int exponent = 24 - Integer.numberOfLeadingZeros(magnitude);
    int mantissa = (magnitude >>> (exponent + 3)) & 0x0F;
    return (byte) ~(sign | exponent << 4 | mantissa);
  }
}
