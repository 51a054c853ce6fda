package parley.keys.gba.aka;

import java.nio.ByteBuffer;

/// SQN, 48 bits: the counter SEQ of 43 bits, then IND of 5 (TS 33.102, C.1.1).
///
/// IND says which of 32 counters in the USIM SEQ is compared with, so that challenges which were
/// made at different places may overtake each other.
public record Sqn(long seq, int ind) {
  static final int IND_BITS = 5;
  static final int INDS = 1 << IND_BITS;
  public static final long MOST_SEQ = (1L << 43) - 1;

  /// How far SEQ may run ahead of what the USIM has seen, so that nobody can use it up (C.2.1).
  public static final long DELTA = 1L << 28;

  public Sqn {
    if (seq < 0 || seq > MOST_SEQ || ind < 0 || ind >= INDS) {
      throw new IllegalArgumentException("SEQ has 43 bits and IND has 5");
    }
  }

  static Sqn of(byte[] octets) {
    long bits = ByteBuffer.allocate(Long.BYTES).position(2).put(octets).getLong(0);
    return new Sqn(bits >>> IND_BITS, (int) bits & (INDS - 1));
  }

  byte[] octets() {
    byte[] octets = new byte[Milenage.SQN_OCTETS];
    ByteBuffer.allocate(Long.BYTES).putLong(0, (seq << IND_BITS) | ind).position(2).get(octets);
    return octets;
  }
}
