package parley.mikey.eccsi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import org.bouncycastle.util.BigIntegers;

/// Numbers of 256 bits as 32 octets and as limbs of 52 bits.
final class Limbs {
  static final int COUNT = 5;
  static final int BITS = 52;
  static final long MASK = (1L << BITS) - 1;

  private static final int OCTETS = 32;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Limbs() {}

  static void unpack(byte[] octets, int from, long[] memory, int to) {
    long w0 = (long) LONGS.get(octets, from + 24);
    long w1 = (long) LONGS.get(octets, from + 16);
    long w2 = (long) LONGS.get(octets, from + 8);
    long w3 = (long) LONGS.get(octets, from);
    memory[to] = w0 & MASK;
    memory[to + 1] = (w0 >>> 52 | w1 << 12) & MASK;
    memory[to + 2] = (w1 >>> 40 | w2 << 24) & MASK;
    memory[to + 3] = (w2 >>> 28 | w3 << 36) & MASK;
    memory[to + 4] = w3 >>> 16;
  }

  /// The reverse of [#unpack], for limbs of a number that is there in its lowest form.
  static void pack(long[] memory, int from, byte[] octets, int to) {
    long c0 = memory[from];
    long c1 = memory[from + 1];
    long c2 = memory[from + 2];
    long c3 = memory[from + 3];
    long c4 = memory[from + 4];
    LONGS.set(octets, to + 24, c0 | c1 << 52);
    LONGS.set(octets, to + 16, c1 >>> 12 | c2 << 40);
    LONGS.set(octets, to + 8, c2 >>> 24 | c3 << 28);
    LONGS.set(octets, to, c3 >>> 36 | c4 << 16);
  }

  static long[] of(BigInteger number) {
    var limbs = new long[COUNT];
    unpack(BigIntegers.asUnsignedByteArray(OCTETS, number), 0, limbs, 0);
    return limbs;
  }
}
