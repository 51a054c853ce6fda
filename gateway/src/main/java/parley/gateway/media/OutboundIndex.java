package parley.gateway.media;

/// The index space of a stream that is re-keyed: the inbound index moved by a constant, so that
/// loss and order survive and each inbound index is used once.
///
/// A jump too wide for receivers who estimate the rollover counter is cut short, and what is older
/// than that jump has no outbound index any more.
final class OutboundIndex {
  /// No outbound index for this packet.
  static final long NONE = -1;

  /// The widest jump passed on: half of what an estimate bears (RFC 3711, 3.3.1).
  static final int MAX_JUMP = 0x4000;

  private final int first;
  private long shift;
  private long lowestInbound;
  private long highestInbound = NONE;

  /// @param firstSeq the random 16-bit start
  OutboundIndex(int firstSeq) {
    first = firstSeq & 0xffff;
  }

  /// The index under which the packet of this inbound index leaves, or [#NONE].
  long of(long inbound) {
    if (highestInbound == NONE) {
      begin(inbound, first, 0);
    } else if (inbound - highestInbound > MAX_JUMP) {
      begin(inbound, highestInbound + shift + MAX_JUMP, inbound);
    }
    if (inbound < lowestInbound) {
      return NONE;
    }
    highestInbound = Math.max(highestInbound, inbound);
    return Math.max(NONE, inbound + shift);
  }

  /// From here on the indices are moved so that `inbound` leaves under `outbound`, and none below
  /// `lowest` leaves at all.
  private void begin(long inbound, long outbound, long lowest) {
    shift = outbound - inbound;
    lowestInbound = lowest;
    highestInbound = inbound;
  }

  /// The index of the next packet, as far as can be known: what a repeated announcement says.
  long next() {
    return highestInbound == NONE ? first : highestInbound + shift + 1;
  }
}
