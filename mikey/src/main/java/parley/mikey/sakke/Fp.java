package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import org.bouncycastle.util.BigIntegers;

/// Elements of F_p, and scalars, as octets.
final class Fp {
  /// Longs of a number.
  static final int WORDS = FIELD_OCTETS / Long.BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final byte[] P = octets(ParameterSet1.P);

  private Fp() {}

  /// The 128 octets of a number (RFC 6508, 4).
  static byte[] octets(BigInteger number) {
    return BigIntegers.asUnsignedByteArray(FIELD_OCTETS, number);
  }

  /// Puts the 128 octets at `from` into 16 words at `to`, the lowest first.
  static void unpack(byte[] octets, int from, long[] words, int to) {
    for (int i = 0; i < WORDS; i++) {
      words[to + i] = (long) LONGS.get(octets, from + FIELD_OCTETS - Long.BYTES * (i + 1));
    }
  }

  /// Whether the 128 octets at `from` are a number below p, found in the same time for all.
  static boolean isBelowP(byte[] octets, int from) {
    int borrow = 0;
    for (int i = FIELD_OCTETS - 1; i >= 0; i--) {
      borrow = ((octets[from + i] & 0xFF) - (P[i] & 0xFF) + borrow) >> 8;
    }
    return borrow != 0;
  }
}
