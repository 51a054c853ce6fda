package parley.mikey.message;

/// What a message is for (RFC 3830, 6.1; RFC 4650; RFC 4738; RFC 6509, 4.1). The ticket and IBAKE
/// types are not read.
public enum DataType implements Coded {
  PRE_SHARED_KEY(0),
  PRE_SHARED_KEY_VERIFICATION(1),
  PUBLIC_KEY(2),
  PUBLIC_KEY_VERIFICATION(3),
  DH_INITIATOR(4),
  DH_RESPONDER(5),
  ERROR(6),
  DHHMAC_INITIATOR(7),
  DHHMAC_RESPONDER(8),
  RSA_R_INITIATOR(9),
  RSA_R_RESPONDER(10),
  SAKKE(26);

  private final int code;

  DataType(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
