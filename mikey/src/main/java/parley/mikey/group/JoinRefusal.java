package parley.mikey.group;

/// Why a JOIN, REFRESH or LEAVE was not followed; each reason has a counter of its own.
public enum JoinRefusal {
  /// This group has no receivers that join by themselves.
  NOT_OFFERED,
  /// Not at a unicast leg of the group.
  WRONG_LEG,
  /// Not of the grammar.
  MALFORMED,
  /// For another group than that of the leg.
  WRONG_GROUP,
  /// It names this gateway itself as the receiver.
  OWN,
  /// No such GMK in this group.
  UNKNOWN_GMK,
  /// The GMK is revoked, outside its period of use, or older than the grace time allows.
  GMK_NOT_OPEN,
  /// T lies before the window.
  T_TOO_OLD,
  /// T lies after the window.
  T_IN_FUTURE,
  /// T lies before the start of this gateway.
  BEFORE_RESTART,
  /// RAND does not bind the keys to the receiver.
  RAND_NOT_BOUND,
  /// The same octets came before, or a newer message of the same CSB did.
  DUPLICATE,
  /// The MAC does not hold: not made by a holder of the GMK.
  BAD_MAC,
  /// The cookie is not, or no longer, one that was given to this address: answered by another.
  STALE_COOKIE,
  /// No room to verify it now.
  OVERLOAD,
  /// Signed under a KMS that this group does not use.
  UNKNOWN_KMS,
  /// T names a key period that is no longer, or not yet, acceptable.
  PERIOD_NOT_ACCEPTABLE,
  /// The signature does not hold: not made by the member it names.
  BAD_SIGNATURE,
  /// The members list does not let this member listen.
  NOT_PERMITTED,
  /// REFRESH or LEAVE of what does not receive at this address.
  NOT_JOINED,
  /// The group has as many receivers as it may.
  GROUP_FULL,
  /// The member has as many receivers as it may.
  MEMBER_FULL,
  /// The address (without its port) has as many receivers as it may.
  SOURCE_FULL,
  /// There is no socket by which this address could be reached.
  UNREACHABLE
}
