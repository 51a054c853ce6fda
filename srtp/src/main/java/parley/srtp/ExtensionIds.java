package parley.srtp;

import java.util.Arrays;
import java.util.BitSet;

/// Which elements of RTP header extensions are encrypted, by their local identifiers, as signalling
/// agreed on them (RFC 6904, 4; RFC 8285). Immutable.
public final class ExtensionIds {
  private static final int MAX_ID = 255;

  /// Header extensions stay in clear.
  public static final ExtensionIds NONE = of();

  private final long[] bits;

  private ExtensionIds(long[] bits) {
    this.bits = bits;
  }

  /// @param ids 1 to 255; of these, elements with one-byte headers have 1 to 14
  public static ExtensionIds of(int... ids) {
    long[] bits = new long[(MAX_ID + 1) / Long.SIZE];
    for (int id : ids) {
      if (id < 1 || id > MAX_ID) {
        throw new IllegalArgumentException(
            "an extension element's identifier lies in 1 to %d, not %d".formatted(MAX_ID, id));
      }
      bits[id / Long.SIZE] |= 1L << id;
    }
    return new ExtensionIds(bits);
  }

  public boolean contains(int id) {
    return id >= 0 && id <= MAX_ID && (bits[id / Long.SIZE] & 1L << id) != 0;
  }

  public boolean isEmpty() {
    return (bits[0] | bits[1] | bits[2] | bits[3]) == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExtensionIds ids && Arrays.equals(bits, ids.bits);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bits);
  }

  @Override
  public String toString() {
    return BitSet.valueOf(bits).toString();
  }
}
