package parley.gateway.media;

import java.util.Locale;
import parley.srtp.Verdict;

/// Every reason to drop a packet, each with its counter.
///
/// `OVER_MTU` and `TAP_FAULT` alone count what was sent nevertheless: re-keying made it longer than
/// the path carries in one piece, or it was not recorded.
public enum DropReason {
  /// The first octet is neither RTP, RTCP nor MIKEY.
  RUBBISH,
  /// Too short for the headers it claims, or for its tag.
  TOO_SHORT,
  /// Longer than a slot of the receive memory.
  OVERSIZED,
  /// The kernel dropped it, because the socket's receive buffer was full.
  RECEIVE_FULL,
  /// Headers that contradict themselves.
  MALFORMED,
  /// No verified announcement maps this SSRC.
  UNKNOWN_SSRC,
  /// The SSRC is known, but under another master key.
  WRONG_MKI,
  /// The index was accepted before: a replay, or the other copy of a doubled path.
  REPLAYED,
  /// Older than the replay window.
  STALE,
  /// The authentication tag is wrong.
  BAD_TAG,
  /// The key's life has ended.
  EXPIRED,
  /// Belongs to a burst that has ended, or lies below the index that burst had reached.
  TOMBSTONE,
  /// A packet of our own, come back by multicast.
  OWN_SSRC,
  /// More early packets than may be held.
  HOLD_FULL,
  /// Held, and no verdict on the announcement came in time.
  HOLD_EXPIRED,
  /// Held, and the announcement was refused.
  HOLD_REFUSED,
  /// The socket's send buffer was full.
  SEND_FULL,
  /// The kernel refused the packet.
  SEND_FAILED,
  /// There was no way to the receiver: no route, an interface that is down or gone.
  SEND_UNREACHABLE,
  /// Forbidden by this host, by its firewall as a rule.
  SEND_FORBIDDEN,
  /// It was sent and did not arrive: an ICMP error came back from the receiver's host or from a
  /// router.
  SEND_BOUNCED,
  /// Longer than the path MTU after re-keying; sent nevertheless.
  OVER_MTU,
  /// No index is left under this key.
  INDEX_EXHAUSTED,
  /// Re-keying has no outbound index for it: older than the first packet re-keyed, or used before.
  REKEY_INDEX,
  /// Re-keying cannot rewrite this RTCP packet.
  REKEY_RTCP,
  /// The slot has no room for what must be added.
  NO_ROOM,
  /// A MIKEY message that was lost by a fault in what should have taken it.
  MIKEY_FAULT,
  /// Something a tap, the recorder for example, lost by a fault of its own: a packet, an
  /// announcement, or the begin or end of a burst. Sent on nevertheless.
  TAP_FAULT,
  /// Authentic, but the operator has muted its talker here: recorded, not passed on.
  MUTED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /// Under which reason a verdict of the SRTP transform is counted.
  ///
  /// @throws IllegalArgumentException for `ACCEPTED`
  static DropReason of(Verdict verdict) {
    return switch (verdict) {
      case ACCEPTED -> throw new IllegalArgumentException("an accepted packet is not dropped");
      case TOO_SHORT -> TOO_SHORT;
      case MALFORMED_HEADER, WRONG_SSRC, NOT_ENCRYPTED -> MALFORMED;
      case NO_CONTEXT -> UNKNOWN_SSRC;
      case WRONG_MKI -> WRONG_MKI;
      case REPLAYED -> REPLAYED;
      case STALE -> STALE;
      case BAD_TAG -> BAD_TAG;
      case EXPIRED -> EXPIRED;
      case INDEX_NOT_RISING, WRONG_SEQ -> REKEY_INDEX;
      case INDEX_EXHAUSTED -> INDEX_EXHAUSTED;
      case NO_ROOM -> NO_ROOM;
    };
  }

  /// The place of this reason's counter.
  @SuppressWarnings("EnumOrdinal") // an index into an array of this process, nowhere stored
  int place() {
    return ordinal();
  }

  /// The value of a metric's `reason` label, in snake_case.
  public String label() {
    return label;
  }
}
