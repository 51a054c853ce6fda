package parley.mikey.message;

/// Whose identity an IDR payload names (RFC 6043, 6.6; RFC 6509, 4.4; TS 33.180, E.7).
public enum IdrRole implements Coded {
  INITIATOR(1),
  RESPONDER(2),
  KMS(3),
  PRE_SHARED_KEY(4),
  APPLICATION(5),
  INITIATOR_KMS(6),
  RESPONDER_KMS(7),
  INITIATOR_UID(8),
  RESPONDER_UID(9);

  private final int code;

  IdrRole(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
