package parley.mikey.message;

/// How an identity is written (RFC 3830, 6.7; RFC 6043, 6.5).
public enum IdType implements Coded {
  NAI(0),
  URI(1),
  BYTE_STRING(2);

  private final int code;

  IdType(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
