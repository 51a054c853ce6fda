package parley.mikey.sakke;

import java.math.BigInteger;
import java.util.Arrays;

/// How q - 1 is reached from 1: by doublings, and additions of 1 or -1 between them; of three
/// doublings one is followed by an addition.
final class Chain {
  /// What follows each doubling: 1, 0 or -1.
  private static final int[] ADDENDS = addends(ParameterSet1.Q.subtract(BigInteger.ONE));

  private Chain() {}

  /// The non-adjacent form, highest digit first, without the first, which is 1.
  private static int[] addends(BigInteger number) {
    int[] digits = new int[number.bitLength() + 1];
    int count = 0;
    for (BigInteger n = number; n.signum() > 0; n = n.shiftRight(1)) {
      int digit = n.testBit(0) ? n.testBit(1) ? -1 : 1 : 0;
      n = n.subtract(BigInteger.valueOf(digit));
      digits[count++] = digit;
    }
    int[] addends = new int[count - 1];
    for (int i = 0; i < addends.length; i++) {
      addends[i] = digits[count - 2 - i];
    }
    return addends;
  }

  static int[] addends() {
    return ADDENDS;
  }

  static int additions() {
    return (int) Arrays.stream(ADDENDS).filter(addend -> addend != 0).count();
  }
}
