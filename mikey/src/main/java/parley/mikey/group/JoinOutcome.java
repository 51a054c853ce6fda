package parley.mikey.group;

/// What a gateway answers to a receiver (wire profile, section 7). Only a holder of the GMK gets an
/// answer, and it is shorter than what it answers.
public enum JoinOutcome {
  /// Done as asked; the cookie is for the next message.
  DONE(1),
  /// Nothing was done: say it again with this cookie, from the same address.
  COOKIE(2),
  /// This CSB receives nothing at this address: join again.
  NOT_JOINED(3),
  /// The members list does not let this member listen.
  NOT_PERMITTED(4),
  /// The group, the member or the address has as many receivers as it may.
  FULL(5);

  private final int code;

  JoinOutcome(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  boolean bringsCookie() {
    return this == DONE || this == COOKIE;
  }
}
