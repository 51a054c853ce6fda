package parley.mikey.sakke;

import java.math.BigInteger;

/// A scalar below q as 8 rows of 128 bits: column i is the bits i, i + 128, i + 256 ... as one
/// number.
///
/// With a table of all 256 sums of the rows' bases, a multiple takes 128 doublings and 128
/// additions.
final class Comb {
  static final int ROWS = 8;
  static final int COLUMNS = 128;
  static final int ENTRIES = 1 << ROWS;

  private Comb() {}

  static int column(BigInteger scalar, int i) {
    int column = 0;
    for (int row = ROWS - 1; row >= 0; row--) {
      column = column << 1 | (scalar.testBit(i + row * COLUMNS) ? 1 : 0);
    }
    return column;
  }
}
