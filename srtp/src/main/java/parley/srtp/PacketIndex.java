package parley.srtp;

/// The 48-bit SRTP index `2^16 * ROC + SEQ` and how to complete a sequence number to it (RFC 3711,
/// 3.3.1).
final class PacketIndex {
  /// The last index of SRTP: the next one would repeat a key stream (RFC 3711, 9.2).
  static final long MAX_SRTP = (1L << 48) - 1;

  /// The last index of SRTCP.
  static final long MAX_SRTCP = (1L << 31) - 1;

  private static final int HALF = 1 << 15;

  private PacketIndex() {}

  static long of(int rolloverCounter, int seq) {
    return Integer.toUnsignedLong(rolloverCounter) << 16 | seq;
  }

  static int rolloverCounter(long index) {
    return (int) (index >>> 16);
  }

  static int seq(long index) {
    return (int) index & 0xffff;
  }

  /// Completes `seq` with that one of ROC - 1, ROC, ROC + 1 which comes closest to `reference`, the
  /// highest index authenticated so far (RFC 3711, appendix A). Before the first wrap ROC - 1 does
  /// not exist and ROC is taken. The result may pass [#MAX_SRTP] by one turn.
  static long estimate(long reference, int seq) {
    int highestSeq = seq(reference);
    long sameTurn = reference - highestSeq + seq;
    if (highestSeq < HALF) {
      boolean isBeforeWrap = seq - highestSeq > HALF && reference >= 1 << 16;
      return isBeforeWrap ? sameTurn - (1 << 16) : sameTurn;
    }
    return highestSeq - HALF > seq ? sameTurn + (1 << 16) : sameTurn;
  }

  /// The index of a packet to send: the one with this `seq` nearest to `last`, which may be -1. It
  /// rises only if it is greater than `last`; the caller refuses it otherwise.
  static long following(long last, int seq) {
    return last + (short) (seq - seq(last));
  }
}
