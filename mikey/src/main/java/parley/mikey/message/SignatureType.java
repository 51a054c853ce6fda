package parley.mikey.message;

/// The signature scheme of a SIGN payload (RFC 3830, 6.5; RFC 6509, 4.3).
public enum SignatureType implements Coded {
  RSA_PKCS_1(0),
  RSA_PSS(1),
  ECCSI(2);

  private final int code;

  SignatureType(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
