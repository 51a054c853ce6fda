package parley.mikey.message;

/// The group of a DH payload (RFC 3830, 6.4).
public enum DhGroup implements Coded {
  OAKLEY_5(0, 192),
  OAKLEY_1(1, 96),
  OAKLEY_2(2, 128);

  private final int code;
  private final int octets;

  DhGroup(int code, int octets) {
    this.code = code;
    this.octets = octets;
  }

  @Override
  public int code() {
    return code;
  }

  /// How long the DH value is.
  public int octets() {
    return octets;
  }
}
