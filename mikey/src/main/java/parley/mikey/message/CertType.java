package parley.mikey.message;

/// How a certificate is written (RFC 3830, 6.7).
public enum CertType implements Coded {
  X509V3(0),
  X509V3_URL(1),
  X509V3_SIGN(2),
  X509V3_ENCR(3);

  private final int code;

  CertType(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
