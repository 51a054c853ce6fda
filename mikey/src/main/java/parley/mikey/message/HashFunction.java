package parley.mikey.message;

/// The hash of a CHASH payload (RFC 3830, 6.8; RFC 6043, 6.7).
public enum HashFunction implements Coded {
  SHA_1(0, 20),
  MD5(1, 16),
  SHA_256(2, 32);

  private final int code;
  private final int octets;

  HashFunction(int code, int octets) {
    this.code = code;
    this.octets = octets;
  }

  @Override
  public int code() {
    return code;
  }

  /// How long the hash is.
  public int octets() {
    return octets;
  }
}
