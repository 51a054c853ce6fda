package parley.keys.manager;

/// Why a manager does not follow a registration, or answer a question. By UDP it answers none of
/// these, over HTTPS all of them by the same words.
public enum RegistrationRefusal {
  /// Not the grammar of a registration.
  MALFORMED,
  /// A question that is answered over HTTPS alone, or a registration where a question belongs.
  OTHER_WAY,
  /// For a group that is not managed here.
  WRONG_GROUP,
  /// The sender is no member that needs the group's key.
  NOT_A_MEMBER,
  /// It names another KMS than the manager's.
  UNKNOWN_KMS,
  /// T is over a minute behind the clock.
  T_TOO_OLD,
  /// T is over a minute ahead of the clock.
  T_IN_FUTURE,
  /// T lies in a key period that is over, or not open yet.
  PERIOD_NOT_ACCEPTABLE,
  /// The member has said something at this T or later.
  DUPLICATE,
  /// Not signed by the member.
  BAD_SIGNATURE,
  /// The manager has no keys of the period of T to answer with.
  KEYS_MISSING
}
