package parley.mikey.message;

import java.util.ArrayList;

/// Reads one payload, from behind its "next payload" octet to its end.
final class PayloadReader {
  private PayloadReader() {}

  static String clause(PayloadType type) {
    return switch (type) {
      case KEMAC -> "RFC 3830, 6.2";
      case PKE -> "RFC 3830, 6.3";
      case DH -> "RFC 3830, 6.4";
      case SIGN -> "RFC 3830, 6.5";
      case T -> "RFC 3830, 6.6";
      case ID, CERT -> "RFC 3830, 6.7";
      case CHASH -> "RFC 3830, 6.8";
      case V -> "RFC 3830, 6.9";
      case SP -> "RFC 3830, 6.10";
      case RAND -> "RFC 3830, 6.11";
      case ERR -> "RFC 3830, 6.12";
      case IDR -> "RFC 6043, 6.6";
      case GENERAL_EXTENSION -> "RFC 3830, 6.15";
      case SAKKE -> "RFC 6509, 4.2";
    };
  }

  static Payload read(PayloadType type, OctetReader in) throws MalformedMessage {
    return switch (type) {
      case KEMAC -> kemac(in);
      case PKE -> pke(in);
      case DH -> dh(in);
      case SIGN -> sign(in);
      case T -> timestamp(in);
      case ID -> new Payload.Id(in.code(IdType.values(), "ID type"), in.octets(in.u16()));
      case CERT -> new Payload.Cert(in.code(CertType.values(), "CERT type"), in.octets(in.u16()));
      case CHASH -> certHash(in);
      case V -> verification(in);
      case SP -> securityPolicy(in);
      case RAND -> new Payload.Rand(in.octets(in.u8()));
      case ERR -> error(in);
      case IDR -> idr(in);
      case GENERAL_EXTENSION -> new Payload.GeneralExtension(in.u8(), in.octets(in.u16()));
      case SAKKE -> new Payload.Sakke(in.u8(), in.u8(), in.octets(in.u16()));
    };
  }

  private static Payload kemac(OctetReader in) throws MalformedMessage {
    EncryptionAlgorithm encryption = in.code(EncryptionAlgorithm.values(), "encryption algorithm");
    Octets data = in.octets(in.u16());
    MacAlgorithm mac = in.code(MacAlgorithm.values(), "MAC algorithm");
    return new Payload.Kemac(encryption, data, mac, in.octets(mac.octets()));
  }

  private static Payload pke(OctetReader in) throws MalformedMessage {
    int cacheAndLength = in.u16();
    return new Payload.Pke(cacheAndLength >>> 14, in.octets(cacheAndLength & 0x3fff));
  }

  private static Payload dh(OctetReader in) throws MalformedMessage {
    DhGroup group = in.code(DhGroup.values(), "DH group");
    Octets value = in.octets(group.octets());
    int reservedAndValidity = in.u8();
    in.require(reservedAndValidity >>> 4 == 0, "reserved bits are set");
    return new Payload.Dh(group, value, validity(reservedAndValidity & 0xf, in));
  }

  /// Key validity data of the form that a KV field names (RFC 3830, 6.14).
  static KeyValidity validity(int form, OctetReader in) throws MalformedMessage {
    return switch (form) {
      case 0 -> new KeyValidity.Unlimited();
      case 1 -> new KeyValidity.Spi(in.octets(in.u8()));
      case 2 -> new KeyValidity.Interval(in.octets(in.u8()), in.octets(in.u8()));
      default -> throw in.malformed("key validity " + form + " is not known");
    };
  }

  private static Payload sign(OctetReader in) throws MalformedMessage {
    int typeAndLength = in.u16();
    SignatureType type = in.code(SignatureType.values(), typeAndLength >>> 12, "signature type");
    return new Payload.Sign(type, in.octets(typeAndLength & 0xfff));
  }

  private static Payload timestamp(OctetReader in) throws MalformedMessage {
    TimestampType type = in.code(TimestampType.values(), "timestamp type");
    return new Payload.Timestamp(type, in.octets(type.octets()));
  }

  private static Payload certHash(OctetReader in) throws MalformedMessage {
    HashFunction function = in.code(HashFunction.values(), "hash function");
    return new Payload.CertHash(function, in.octets(function.octets()));
  }

  private static Payload verification(OctetReader in) throws MalformedMessage {
    MacAlgorithm algorithm = in.code(MacAlgorithm.values(), "authentication algorithm");
    return new Payload.Verification(algorithm, in.octets(algorithm.octets()));
  }

  private static Payload securityPolicy(OctetReader in) throws MalformedMessage {
    int number = in.u8();
    int protocol = in.u8();
    int length = in.u16();
    in.require(length <= in.remaining(), "the policy is cut short");
    int end = in.position() + length;
    var parameters = new ArrayList<Payload.SecurityPolicy.Parameter>();
    while (in.position() < end) {
      parameters.add(new Payload.SecurityPolicy.Parameter(in.u8(), in.octets(in.u8())));
    }
    in.require(in.position() == end, "a parameter reaches beyond the policy");
    return new Payload.SecurityPolicy(number, protocol, parameters);
  }

  private static Payload error(OctetReader in) throws MalformedMessage {
    int number = in.u8();
    in.require(in.u16() == 0, "reserved octets are set");
    return new Payload.ErrorReport(number);
  }

  private static Payload idr(OctetReader in) throws MalformedMessage {
    IdrRole role = in.code(IdrRole.values(), "ID role");
    return new Payload.Idr(role, in.code(IdType.values(), "ID type"), in.octets(in.u16()));
  }
}
