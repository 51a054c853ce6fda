package parley.srtp;

import java.util.Arrays;

/// Which of the last 1024 indices were seen: a sliding window (RFC 3711, 3.3.2).
///
/// Bit `index mod 1024` tells whether `index` was seen; moving the window up clears the bits it
/// passes. Asking and recording are apart, so that a receiver can ask before it pays for
/// cryptography and record after the tag verified.
final class ReplayList {
  static final int WINDOW = 1024;

  private final long[] seen = new long[WINDOW / Long.SIZE];
  private long highest = -1;

  /// [Verdict#ACCEPTED], or why not: [Verdict#REPLAYED] or [Verdict#STALE]. Changes nothing.
  Verdict check(long index) {
    if (index > highest) {
      return Verdict.ACCEPTED;
    }
    if (highest - index >= WINDOW) {
      return Verdict.STALE;
    }
    return (seen[word(index)] & bit(index)) == 0 ? Verdict.ACCEPTED : Verdict.REPLAYED;
  }

  /// Records an index that [#check] accepts.
  void add(long index) {
    if (index == highest + 1) {
      highest = index; // what the window passes is this bit alone
    } else if (index > highest) {
      slideTo(index);
    }
    seen[word(index)] |= bit(index);
  }

  /// Starts anew with all indices up to `highest` recorded; -1 for none.
  void restart(long highest) {
    this.highest = highest;
    Arrays.fill(seen, highest < 0 ? 0 : -1L);
  }

  /// The highest index recorded; -1 for none.
  long highest() {
    return highest;
  }

  private void slideTo(long index) {
    if (index - highest >= WINDOW) {
      Arrays.fill(seen, 0);
    } else {
      for (long passed = highest + 1; passed <= index; passed++) {
        seen[word(passed)] &= ~bit(passed);
      }
    }
    highest = index;
  }

  private static int word(long index) {
    return (int) (index & (WINDOW - 1)) / Long.SIZE;
  }

  private static long bit(long index) {
    return 1L << index;
  }

  @Override
  public String toString() {
    return "ReplayList[highest %d, seen %s]".formatted(highest, Arrays.toString(seen));
  }
}
