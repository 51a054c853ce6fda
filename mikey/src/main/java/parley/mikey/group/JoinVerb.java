package parley.mikey.group;

/// What a receiver asks of a gateway's unicast relay (wire profile, section 7).
public enum JoinVerb {
  /// Send the group's media to where this came from.
  JOIN(1),
  /// Go on; sent every 15 s.
  REFRESH(2),
  /// Send no more.
  LEAVE(3);

  private final int code;

  JoinVerb(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
