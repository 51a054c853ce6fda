package parley.mikey.group;

/// Why a message was not accepted; each reason has a counter of its own.
public enum Refusal {
  /// Not of the grammar.
  MALFORMED,
  /// For a group that this leg does not carry.
  WRONG_GROUP,
  /// No such GMK in this group.
  UNKNOWN_GMK,
  /// The GMK is revoked, or outside its period of use.
  GMK_NOT_OPEN,
  /// T lies before the window.
  T_TOO_OLD,
  /// T lies after the window.
  T_IN_FUTURE,
  /// T lies before the start of this receiver, whose replay cache is empty.
  BEFORE_RESTART,
  /// RAND does not bind the key to the talker.
  RAND_NOT_BOUND,
  /// The security policy is none that the group allows.
  POLICY_NOT_ALLOWED,
  /// The same signed octets are being verified or were accepted before.
  DUPLICATE,
  /// The MAC does not hold: not made by a holder of the GMK.
  BAD_MAC,
  /// The signature does not hold: not made by the talker it names.
  BAD_SIGNATURE,
  /// The talker may not do this in the group.
  NOT_PERMITTED,
  /// A known CSB ID with another talker, RAND, GSK or map.
  CONFLICT,
  /// The encrypted key data is not one GSK under the announced id.
  BAD_KEY_DATA,
  /// Our own, heard again.
  OWN_ANNOUNCEMENT,
  /// It came through us already, or through too many gateways.
  LOOP,
  /// No room to verify or to remember it now.
  OVERLOAD,
  /// Signed under a KMS that this group does not use.
  UNKNOWN_KMS,
  /// T names a key period that is no longer, or not yet, acceptable.
  PERIOD_NOT_ACCEPTABLE,
  /// The group has as many talkers as it allows.
  TALKER_LIMIT,
  /// A new burst, and this gateway takes none: its operator is emptying it.
  DRAINING
}
