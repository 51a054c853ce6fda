package parley.mikey.message;

/// How the key data of a KEMAC is encrypted (RFC 3830, 6.2; RFC 6043, 6.2).
public enum EncryptionAlgorithm implements Coded {
  NULL(0),
  AES_CM_128(1),
  AES_KW_128(2),
  AES_CM_256(3);

  private final int code;

  EncryptionAlgorithm(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
