package parley.keys.member;

/// Why a member does not accept an I_MESSAGE. Nothing has changed when one of these is returned.
public enum GmkRefusal {
  /// Not the grammar of a GMK distribution.
  MALFORMED,
  /// Encrypted to somebody else.
  NOT_FOR_US,
  /// No group of ours has this signer.
  UNKNOWN_SENDER,
  /// It names another KMS than the one we know for this signer, or for ourselves.
  UNKNOWN_KMS,
  /// T is more than a minute ahead of our clock.
  T_IN_FUTURE,
  /// T lies in a key period that is too long over, or not open yet (RFC 6509, 3.3).
  PERIOD_NOT_ACCEPTABLE,
  /// We have no receiver key for the period of T.
  KEYS_MISSING,
  /// We accepted another message with exactly this T.
  SAME_T_OTHER_OCTETS,
  /// Not signed by the identity that our own list names.
  BAD_SIGNATURE,
  /// The key in it does not open, or does not belong to this group and to us.
  BAD_KEY_DATA,
  /// Its period of use is over.
  EXPIRED,
  /// We hold another key of the group under this GMK-ID.
  ID_COLLISION,
  /// An invitation to an ad-hoc group that the user has declined, or one older than what came
  /// before.
  DECLINED,
  /// As many invitations wait for the user as are kept.
  TOO_MANY_INVITATIONS,
  /// The vault could not store it, so it is not used.
  NOT_STORED
}
