package parley.mikey.message;

import java.util.HashMap;
import java.util.Map;

/// Counts the payloads of one message and refuses what no message of RFC 3830, section 3, repeats.
final class PayloadCensus {
  private static final int IDENTITIES = 2;
  private static final int DH_VALUES = 2;

  private final Map<Object, Integer> seen = new HashMap<>();

  void admit(Payload payload, OctetReader in) throws MalformedMessage {
    int allowed = allowed(payload);
    int count = seen.merge(kind(payload), 1, Integer::sum);
    in.require(count <= allowed, "payload " + PayloadType.of(payload) + " repeated");
  }

  private static int allowed(Payload payload) {
    return switch (payload) {
      case Payload.Cert _, Payload.ErrorReport _, Payload.GeneralExtension _ ->
          MikeyReader.MAX_PAYLOADS;
      case Payload.Id _ -> IDENTITIES;
      case Payload.Dh _ -> DH_VALUES;
      case Payload.Kemac _,
          Payload.Pke _,
          Payload.Sign _,
          Payload.Timestamp _,
          Payload.CertHash _,
          Payload.Verification _,
          Payload.SecurityPolicy _,
          Payload.Rand _,
          Payload.Idr _,
          Payload.Sakke _ ->
          1;
    };
  }

  /// What is counted together: an IDR by its role, a policy by its number, everything else by its
  /// type.
  private static Object kind(Payload payload) {
    return switch (payload) {
      case Payload.Idr idr -> idr.role();
      case Payload.SecurityPolicy policy -> policy.number();
      default -> PayloadType.of(payload);
    };
  }
}
