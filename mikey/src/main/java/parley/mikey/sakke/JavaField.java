package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;

/// Arithmetic in Java: 18 limbs of 57 bits, R = 2^1026, elements below twice the modulus.
///
/// R is above four times the modulus, so a product of such elements is one again without any
/// comparison. A product of limbs has 114 bits: its low half is masked, its high half is
/// `unsignedMultiplyHigh` of the one shifted by 7, and a column of 36 of either fits into a long.
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
        case Formula.MULTIPLY -> multiply(memory, to, a, b, scratch);
        case Formula.SQUARE -> square(memory, to, a, scratch);
        case Formula.ADD -> add(memory, to, a, b);
        case Formula.SUBTRACT -> subtract(memory, to, a, b);
        case Formula.COPY -> System.arraycopy(memory, a, memory, to, LIMBS);
        default -> throw new IllegalArgumentException("a formula has no operation " + step);
      }
    }
  }

  /// Montgomery's product by columns: each takes in the limb of the quotient that clears it.
  @Override
  void multiply(long[] memory, int to, int a, int b, int quotient) {
    long[] modulus = this.modulus;
    long carry = 0;
    for (int column = 0; column < LIMBS; column++) {
      long low = carry;
      long high = 0;
      for (int i = 0; i < column; i++) {
        long x = memory[a + i];
        long y = memory[b + column - i];
        long u = memory[quotient + i];
        long v = modulus[column - i];
        low += (x * y & MASK) + (u * v & MASK);
        high += Math.unsignedMultiplyHigh(x << SHIFT, y) + Math.unsignedMultiplyHigh(u << SHIFT, v);
      }
      long x = memory[a + column];
      long y = memory[b];
      low += x * y & MASK;
      high += Math.unsignedMultiplyHigh(x << SHIFT, y);
      long u = low * negatedInverse & MASK;
      memory[quotient + column] = u;
      low += u * modulus[0] & MASK;
      high += Math.unsignedMultiplyHigh(u << SHIFT, modulus[0]);
      carry = (low >>> LIMB_BITS) + high;
    }
    for (int column = LIMBS; column < 2 * LIMBS - 1; column++) {
      long low = carry;
      long high = 0;
      for (int i = column - LIMBS + 1; i < LIMBS; i++) {
        long x = memory[a + i];
        long y = memory[b + column - i];
        long u = memory[quotient + i];
        long v = modulus[column - i];
        low += (x * y & MASK) + (u * v & MASK);
        high += Math.unsignedMultiplyHigh(x << SHIFT, y) + Math.unsignedMultiplyHigh(u << SHIFT, v);
      }
      memory[to + column - LIMBS] = low & MASK;
      carry = (low >>> LIMB_BITS) + high;
    }
    memory[to + LIMBS - 1] = carry;
  }

  private void square(long[] memory, int to, int a, int quotient) {
    multiply(memory, to, a, a, quotient);
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
