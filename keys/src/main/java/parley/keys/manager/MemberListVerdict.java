package parley.keys.manager;

/// What became of a signed list of members that came in.
public sealed interface MemberListVerdict {
  /// It is newer than what was held, and on the disk.
  record Taken(HeldMemberList list) implements MemberListVerdict {}

  /// Exactly this one is held already.
  record Known(HeldMemberList list) implements MemberListVerdict {}

  /// Nothing changed. `detail` is one sentence that says what to do.
  record Refused(Reason reason, String detail) implements MemberListVerdict {}

  /// Why a list is not taken.
  enum Reason {
    /// Not the form of a signed list.
    MALFORMED,
    /// Of another group than was asked for.
    WRONG_GROUP,
    /// This member does not know who signs for that group.
    NOT_A_MEMBER,
    /// The KMS of the group's signer is not known here.
    UNKNOWN_KMS,
    /// Signed over a minute ahead of this clock.
    T_IN_FUTURE,
    /// Its time is over, or longer than any manager gives.
    NOT_IN_FORCE,
    /// Signed in a key period that is over, or not open yet.
    PERIOD_NOT_ACCEPTABLE,
    /// A newer one was taken before.
    OLDER,
    /// It says something else than the one of the same version that is held.
    CONTRADICTION,
    /// Not signed by whoever signs the group's GMKs.
    BAD_SIGNATURE
  }
}
