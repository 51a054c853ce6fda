package parley.mikey.eccsi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.math.raw.Mod;
import org.bouncycastle.util.BigIntegers;

/// Inverses modulo an odd number of 256 bits, by the kernel or by Bouncy Castle, in times that do
/// not depend on what is inverted.
final class OddModulus {
  static final int OCTETS = 32;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final int[] ints;
  private final long[] words = new long[P256Library.WORDS];

  OddModulus(BigInteger modulus) {
    ints = ints(BigIntegers.asUnsignedByteArray(OCTETS, modulus));
    Arrays.setAll(words, i -> modulus.shiftRight(i * Long.SIZE).longValue());
  }

  /// Puts its inverse in the place of 32 octets, a number below the modulus; 0 stays 0.
  void invert(byte[] octets) {
    if (P256Library.IS_THERE) {
      P256Library.invert(octets, words);
    } else {
      invertInJava(octets);
    }
  }

  void invertInJava(byte[] octets) {
    int[] number = ints(octets);
    int[] inverse = new int[number.length];
    if (Mod.modOddInverse(ints, number, inverse) == 0) {
      Arrays.fill(inverse, 0);
    }
    for (int i = 0; i < inverse.length; i++) {
      INTS.set(octets, OCTETS - Integer.BYTES * (i + 1), inverse[i]);
    }
    Arrays.fill(number, 0);
    Arrays.fill(inverse, 0);
  }

  /// Eight words, the lowest first.
  private static int[] ints(byte[] octets) {
    int[] number = new int[OCTETS / Integer.BYTES];
    for (int i = 0; i < number.length; i++) {
      number[i] = (int) INTS.get(octets, OCTETS - Integer.BYTES * (i + 1));
    }
    return number;
  }
}
