package parley.mikey.message;

/// The "next payload" numbers of the payloads that are read (RFC 3830, 6.1; RFC 6043; RFC 6509).
/// Every other number, key data outside a KEMAC included, makes the message malformed.
enum PayloadType implements Coded {
  KEMAC(1),
  PKE(2),
  DH(3),
  SIGN(4),
  T(5),
  ID(6),
  CERT(7),
  CHASH(8),
  V(9),
  SP(10),
  RAND(11),
  ERR(12),
  IDR(14),
  GENERAL_EXTENSION(21),
  SAKKE(26);

  /// "This was the last one."
  static final int LAST = 0;

  private final int code;

  PayloadType(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }

  static PayloadType of(Payload payload) {
    return switch (payload) {
      case Payload.Kemac _ -> KEMAC;
      case Payload.Pke _ -> PKE;
      case Payload.Dh _ -> DH;
      case Payload.Sign _ -> SIGN;
      case Payload.Timestamp _ -> T;
      case Payload.Id _ -> ID;
      case Payload.Cert _ -> CERT;
      case Payload.CertHash _ -> CHASH;
      case Payload.Verification _ -> V;
      case Payload.SecurityPolicy _ -> SP;
      case Payload.Rand _ -> RAND;
      case Payload.ErrorReport _ -> ERR;
      case Payload.Idr _ -> IDR;
      case Payload.GeneralExtension _ -> GENERAL_EXTENSION;
      case Payload.Sakke _ -> SAKKE;
    };
  }
}
