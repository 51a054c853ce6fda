package parley.mikey.group;

/// One stream of a burst, and where its numbers stand: `roc` and `seq` of the next packet.
///
/// `csId` in 0..255, `ssrc` as 32 bits, `roc` in 0..2^32-1, `seq` in 0..65535. Without `indexKnown`
/// the sender could not tell `seq`, and receivers take the index from the packets.
public record CryptoSession(int csId, int ssrc, boolean indexKnown, long roc, int seq) {
  /// The first CS ID of a group call's audio (TS 33.180, E.1.3).
  public static final int FIRST_CS_ID = 4;

  private static final int SEQ_BITS = 16;
  private static final long MAX_ROC = 0xffff_ffffL;
  private static final int MAX_SEQ = 0xffff;

  public CryptoSession {
    if (csId < 0 || csId > 0xff || roc < 0 || roc > MAX_ROC || seq < 0 || seq > MAX_SEQ) {
      throw new IllegalArgumentException(
          "no crypto session: CS ID " + csId + ", ROC " + roc + ", SEQ " + seq);
    }
  }

  /// A stream whose next packet has this 48-bit index.
  public static CryptoSession of(int csId, int ssrc, long nextIndex) {
    return new CryptoSession(csId, ssrc, true, nextIndex >>> SEQ_BITS, (int) (nextIndex & MAX_SEQ));
  }

  /// The same stream further on.
  public CryptoSession at(long nextIndex) {
    return of(csId, ssrc, nextIndex);
  }

  /// ROC and SEQ as the 48-bit index of the next packet.
  ///
  /// @throws IllegalStateException unless `indexKnown`
  public long nextIndex() {
    if (!indexKnown) {
      throw new IllegalStateException("the index of CS " + csId + " was not announced");
    }
    return roc << SEQ_BITS | seq;
  }

  boolean isSameStream(CryptoSession other) {
    return csId == other.csId && ssrc == other.ssrc;
  }
}
