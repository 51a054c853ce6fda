package parley.srtp;

import org.jspecify.annotations.Nullable;

/// The guard against a second use of an index under one key: a two-time pad for AES-CM, and for GCM
/// the loss of the authentication key besides (RFC 3711, 9.1; RFC 7714, 8.4).
///
/// Either each index must be greater than the last, or each must be new within a sliding window; in
/// both cases none may pass the limit. An index counts as used from [#use] on, whatever becomes of
/// its packet.
final class TransmitIndex {
  private final long limit;
  private final @Nullable ReplayList used;
  private final long floor;
  private long highest;

  private TransmitIndex(long floor, long limit, @Nullable ReplayList used) {
    this.floor = floor;
    this.highest = floor;
    this.limit = limit;
    this.used = used;
  }

  /// Indices from `first` on, each greater than the one before.
  static TransmitIndex rising(long first, long limit) {
    if (first < 0 || first > limit) {
      throw new IllegalArgumentException(
          "a first index lies in 0 to %d, not %d".formatted(limit, first));
    }
    return new TransmitIndex(first - 1, limit, null);
  }

  /// Indices in any order, each once; what falls behind the window of [ReplayList] is refused.
  static TransmitIndex once(long limit) {
    return new TransmitIndex(-1, limit, new ReplayList());
  }

  boolean isRising() {
    return used == null;
  }

  Verdict check(long index) {
    if (index > limit) {
      return Verdict.INDEX_EXHAUSTED;
    }
    if (index < 0 || (used == null && index <= highest)) {
      return Verdict.INDEX_NOT_RISING;
    }
    return used == null ? Verdict.ACCEPTED : used.check(index);
  }

  /// Burns an index that [#check] accepts.
  void use(long index) {
    if (used != null) {
      used.add(index);
    }
    highest = Math.max(highest, index);
  }

  /// The greatest index used, or one less than the first when none was.
  long last() {
    return highest;
  }

  /// The greatest index used; -1 for none.
  long highestUsed() {
    return highest == floor ? -1 : highest;
  }
}
