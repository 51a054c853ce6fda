package parley.mikey.message;

/// How a KEMAC or a verification payload is authenticated (RFC 3830, 6.2 and 6.9; RFC 6043, 6.2).
public enum MacAlgorithm implements Coded {
  NULL(0, 0),
  HMAC_SHA_1_160(1, 20),
  HMAC_SHA_256_256(2, 32);

  private final int code;
  private final int octets;

  MacAlgorithm(int code, int octets) {
    this.code = code;
    this.octets = octets;
  }

  @Override
  public int code() {
    return code;
  }

  /// How long the MAC is.
  public int octets() {
    return octets;
  }
}
