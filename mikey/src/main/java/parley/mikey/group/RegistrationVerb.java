package parley.mikey.group;

/// What a UE tells its group's manager (wire profile, section 10).
public enum RegistrationVerb {
  /// The group's keys reach me at this address.
  REGISTER(1),
  /// They do not any more.
  WITHDRAW(2);

  private final int code;

  RegistrationVerb(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
