package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Arithmetic in Java: 18 limbs of 57 bits, R = 2^1026, elements below twice the modulus.
///
/// R is above four times the modulus, so a product of such elements is one again without any
/// comparison. A product of limbs has 114 bits: its low half is masked, its high half is
/// `unsignedMultiplyHigh` of the one shifted by 7, and a column of 36 of either fits into a long,
/// as unsigned.
final class JavaField extends Field {
  private static final int LIMBS = 18;
  private static final int LIMB_BITS = 57;
  private static final int SHIFT = Long.SIZE - LIMB_BITS;
  private static final long MASK = (1L << LIMB_BITS) - 1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long[] modulus;
  private final long[] twiceModulus;

  /// `-modulus^-1`, of one limb.
  private final long negatedInverse;

  JavaField(BigInteger modulus) {
    super(modulus, LIMBS, LIMBS * LIMB_BITS);
    this.modulus = limbs(modulus);
    this.twiceModulus = limbs(modulus.shiftLeft(1));
    this.negatedInverse =
        modulus.negate().modInverse(BigInteger.ONE.shiftLeft(LIMB_BITS)).longValueExact();
  }

  private static long[] limbs(BigInteger number) {
    var limbs = new long[LIMBS];
    for (int i = 0; i < LIMBS; i++) {
      limbs[i] = number.shiftRight(i * LIMB_BITS).longValue() & MASK;
    }
    return limbs;
  }

  @Override
  String name() {
    return "java";
  }

  @Override
  void run(Formula formula, long[] memory, int base, int scratch) {
    for (int step : formula.steps()) {
      int to = base + (step >> 16 & 0xFF) * LIMBS;
      int a = base + (step >> 8 & 0xFF) * LIMBS;
      int b = base + (step & 0xFF) * LIMBS;
      switch (step >> 24) {
        case Formula.MULTIPLY, Formula.SQUARE -> multiply(memory, to, a, b, scratch);
        case Formula.ADD -> add(memory, to, a, b);
        case Formula.SUBTRACT -> subtract(memory, to, a, b);
        case Formula.COPY -> System.arraycopy(memory, a, memory, to, LIMBS);
        default -> throw new IllegalArgumentException("a formula has no operation " + step);
      }
    }
  }

  /// Montgomery's product by rows: a limb of b, and the limb of the quotient that clears the lowest
  /// column, which leaves. Columns carry nothing before the end: 18 rows add less than 2^64.
  @Override
  void multiply(long[] memory, int to, int a, int b, int columns) {
    long[] modulus = this.modulus;
    Arrays.fill(memory, columns, columns + LIMBS, 0);
    for (int i = 0; i < LIMBS; i++) {
      long x = memory[b + i];
      long y = memory[a];
      long v = modulus[0];
      long lowest = memory[columns] + (x * y & MASK);
      long u = lowest * negatedInverse & MASK;
      long shiftedX = x << SHIFT;
      long shiftedU = u << SHIFT;
      long carry =
          ((lowest + (u * v & MASK)) >>> LIMB_BITS)
              + Math.unsignedMultiplyHigh(shiftedX, y)
              + Math.unsignedMultiplyHigh(shiftedU, v);
      // in a loop the compiler leaves a third of the time to the loop
      y = memory[a + 1];
      v = modulus[1];
      memory[columns] = memory[columns + 1] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 2];
      v = modulus[2];
      memory[columns + 1] = memory[columns + 2] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 3];
      v = modulus[3];
      memory[columns + 2] = memory[columns + 3] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 4];
      v = modulus[4];
      memory[columns + 3] = memory[columns + 4] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 5];
      v = modulus[5];
      memory[columns + 4] = memory[columns + 5] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 6];
      v = modulus[6];
      memory[columns + 5] = memory[columns + 6] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 7];
      v = modulus[7];
      memory[columns + 6] = memory[columns + 7] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 8];
      v = modulus[8];
      memory[columns + 7] = memory[columns + 8] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 9];
      v = modulus[9];
      memory[columns + 8] = memory[columns + 9] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 10];
      v = modulus[10];
      memory[columns + 9] = memory[columns + 10] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 11];
      v = modulus[11];
      memory[columns + 10] = memory[columns + 11] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 12];
      v = modulus[12];
      memory[columns + 11] = memory[columns + 12] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 13];
      v = modulus[13];
      memory[columns + 12] = memory[columns + 13] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 14];
      v = modulus[14];
      memory[columns + 13] = memory[columns + 14] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 15];
      v = modulus[15];
      memory[columns + 14] = memory[columns + 15] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 16];
      v = modulus[16];
      memory[columns + 15] = memory[columns + 16] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      y = memory[a + 17];
      v = modulus[17];
      memory[columns + 16] = memory[columns + 17] + carry + (x * y & MASK) + (u * v & MASK);
      carry = Math.unsignedMultiplyHigh(shiftedX, y) + Math.unsignedMultiplyHigh(shiftedU, v);
      memory[columns + LIMBS - 1] = carry;
    }
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      carry += memory[columns + i];
      memory[to + i] = carry & MASK;
      carry >>>= LIMB_BITS;
    }
  }

  private void add(long[] memory, int to, int a, int b) {
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      carry += memory[a + i] + memory[b + i] - twiceModulus[i];
      memory[to + i] = carry & MASK;
      carry >>= LIMB_BITS;
    }
    addTwiceModulus(memory, to, carry);
  }

  private void subtract(long[] memory, int to, int a, int b) {
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      carry += memory[a + i] - memory[b + i];
      memory[to + i] = carry & MASK;
      carry >>= LIMB_BITS;
    }
    addTwiceModulus(memory, to, carry);
  }

  /// Adds twice the modulus where `borrow` is -1, and nothing where it is 0.
  private void addTwiceModulus(long[] memory, int to, long borrow) {
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      carry += memory[to + i] + (twiceModulus[i] & borrow);
      memory[to + i] = carry & MASK;
      carry >>= LIMB_BITS;
    }
  }

  @Override
  void unpack(byte[] octets, int from, long[] memory, int to) {
    for (int i = 0; i < LIMBS; i++) {
      memory[to + i] = 0;
    }
    for (int i = 0; i < FIELD_OCTETS / Long.BYTES; i++) {
      long word = (long) LONGS.get(octets, from + FIELD_OCTETS - Long.BYTES * (i + 1));
      int limb = i * Long.SIZE / LIMB_BITS;
      int bit = i * Long.SIZE % LIMB_BITS;
      memory[to + limb] |= word << bit & MASK;
      memory[to + limb + 1] |= word >>> (LIMB_BITS - bit) & MASK;
      if (bit + Long.SIZE > 2 * LIMB_BITS) {
        memory[to + limb + 2] |= word >>> (2 * LIMB_BITS - bit);
      }
    }
  }

  @Override
  void pack(long[] memory, int from, byte[] octets, int to) {
    long borrow = 0;
    for (int i = 0; i < LIMBS; i++) {
      borrow += memory[from + i] - modulus[i];
      borrow >>= LIMB_BITS;
    }
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      carry += memory[from + i] - (modulus[i] & ~borrow);
      memory[from + i] = carry & MASK;
      carry >>= LIMB_BITS;
    }
    for (int i = 0; i < FIELD_OCTETS / Long.BYTES; i++) {
      int limb = i * Long.SIZE / LIMB_BITS;
      int bit = i * Long.SIZE % LIMB_BITS;
      long word = memory[from + limb] >>> bit | memory[from + limb + 1] << (LIMB_BITS - bit);
      if (bit + Long.SIZE > 2 * LIMB_BITS) {
        word |= memory[from + limb + 2] << (2 * LIMB_BITS - bit);
      }
      LONGS.set(octets, to + FIELD_OCTETS - Long.BYTES * (i + 1), word);
    }
  }

  @Override
  boolean isZero(long[] memory, int offset) {
    long from0 = 0;
    long fromModulus = 0;
    for (int i = 0; i < LIMBS; i++) {
      from0 |= memory[offset + i];
      fromModulus |= memory[offset + i] ^ modulus[i];
    }
    return from0 == 0 || fromModulus == 0;
  }
}
