package parley.keys.kms.front;

/// Why a request was refused, for the audit log and for HTTP.
public enum Denial {
  /// Nobody that we know, or something in its authentication that does not hold: not told apart.
  UNKNOWN(403),
  MALFORMED(400),
  CLOCK_OFF(403),
  OTHER_KMS(403),
  WRONG_URL(403),
  WRONG_USER(403),
  WRONG_SIGNATURE(403),
  WRONG_TRANSPORT_KEY(403),
  NO_TRANSPORT_KEY(403),
  REVOKED(403),
  NOT_YOURS(403),
  NO_DEVICE(403),
  OTHER_DEVICE(403),
  NOT_YET_OPEN(403),
  ALREADY_OVER(403),
  TICKET_USED(403),
  NO_SUCH_CERTIFICATE(404),
  NOT_TAKEN(403),
  /// Of a GMK message for a UE: its signer signs for no group of that UE, or for several.
  NO_SUCH_GROUP(403),
  /// Of such a message: one whose T is no earlier waits.
  NOT_NEWER(403),
  BY_ISSUER(403),
  ISSUER_UNREACHABLE(503);

  private final int status;

  Denial(int status) {
    this.status = status;
  }

  /// The status of HTTP that goes with it.
  public int status() {
    return status;
  }
}
