package parley.mikey.group;

/// What a UE tells its group's manager (wire profile, section 10).
public enum RegistrationVerb {
  /// The group's keys reach me at this address.
  REGISTER(1),
  /// They do not any more.
  WITHDRAW(2),
  /// Give me, as the answer to this, what waits for me. Over HTTPS alone, as the two below.
  PULL(3),
  /// Give me the signed list of members.
  MEMBERS(4);

  private final int code;

  RegistrationVerb(int code) {
    this.code = code;
  }

  /// Whether the message says where the UE is; the others are questions.
  public boolean bringsAddress() {
    return this == REGISTER || this == WITHDRAW;
  }

  int code() {
    return code;
  }
}
