package parley.mikey.message;

import java.util.List;

/// Writes a message as octets: the exact inverse of [MikeyReader]. Stateless and thread-safe.
///
/// MAC and signature are written as they stand in their payloads. A sender writes zeros first and
/// puts the real ones in their places: [MikeyMessage#offsetOf] says where those are.
public final class MikeyWriter {
  private MikeyWriter() {}

  /// The octets of `message`; whoever asks owns them.
  ///
  /// @throws IllegalArgumentException if no reader would take them (too long, SIGN not last)
  public static byte[] write(MikeyMessage message) {
    var out = new OctetWriter();
    List<Payload> payloads = message.payloads();
    header(message.header(), next(payloads, 0), out);
    for (int i = 0; i < payloads.size(); i++) {
      payload(payloads.get(i), next(payloads, i + 1), out);
    }
    if (out.size() > MikeyReader.MAX_OCTETS) {
      throw new IllegalArgumentException("a message of " + out.size() + " octets is too long");
    }
    return out.toOctets();
  }

  /// The octets of `header` as they stand at the beginning of a message whose first payload is T;
  /// whoever asks owns them.
  public static byte[] headerBeforeTimestamp(Header header) {
    var out = new OctetWriter();
    header(header, PayloadType.T.code(), out);
    return out.toOctets();
  }

  /// How many octets a header takes.
  static int octets(Header header) {
    var out = new OctetWriter();
    header(header, PayloadType.LAST, out);
    return out.size();
  }

  /// How many octets a payload takes.
  static int octets(Payload payload) {
    var out = new OctetWriter();
    payload(payload, PayloadType.LAST, out);
    return out.size();
  }

  private static int next(List<Payload> payloads, int index) {
    return index < payloads.size() ? PayloadType.of(payloads.get(index)).code() : PayloadType.LAST;
  }

  private static void header(Header header, int next, OctetWriter out) {
    out.u8(Header.VERSION);
    out.u8(header.dataType().code());
    out.u8(next);
    out.u8((header.verificationWanted() ? 0x80 : 0) | header.prf().code());
    out.i32(header.csbId());
    out.u8(header.map().sessions());
    out.u8(header.map().type());
    switch (header.map()) {
      case CsIdMap.SrtpId map -> map.entries().forEach(entry -> srtpEntry(entry, out));
      case CsIdMap.Empty _ -> {}
      case CsIdMap.GenericId map -> map.entries().forEach(entry -> genericEntry(entry, out));
    }
  }

  private static void srtpEntry(CsIdMap.SrtpIdEntry entry, OctetWriter out) {
    out.u8(entry.policyNumber());
    out.i32(entry.ssrc());
    out.i32(entry.roc());
  }

  private static void genericEntry(CsIdMap.GenericIdEntry entry, OctetWriter out) {
    out.u8(entry.csId());
    out.u8(entry.protocol());
    out.u8((entry.hasIndex() ? 0x80 : 0) | entry.policyNumbers().size());
    entry.policyNumbers().forEach(out::u8);
    out.withLength16(entry.data());
    out.withLength8(entry.spi());
  }

  private static void payload(Payload payload, int next, OctetWriter out) {
    if (payload instanceof Payload.Sign sign) {
      sign(sign, next, out);
    } else {
      out.u8(next);
      body(payload, out);
    }
  }

  private static void sign(Payload.Sign sign, int next, OctetWriter out) {
    if (next != PayloadType.LAST) {
      throw new IllegalArgumentException("nothing may follow SIGN");
    }
    out.u16(sign.type().code() << 12 | sign.signature().length());
    out.octets(sign.signature());
  }

  private static void body(Payload payload, OctetWriter out) {
    switch (payload) {
      case Payload.Kemac kemac -> kemac(kemac, out);
      case Payload.Pke pke -> {
        out.u16(pke.cacheIndicator() << 14 | pke.data().length());
        out.octets(pke.data());
      }
      case Payload.Dh dh -> {
        out.u8(dh.group().code());
        out.octets(dh.value());
        out.u8(dh.validity().code());
        validity(dh.validity(), out);
      }
      case Payload.Sign _ -> throw new IllegalStateException("SIGN has no next payload");
      case Payload.Timestamp t -> coded(t.type(), t.value(), out);
      case Payload.Id id -> codedWithLength(id.type(), id.value(), out);
      case Payload.Cert cert -> codedWithLength(cert.type(), cert.value(), out);
      case Payload.CertHash hash -> coded(hash.function(), hash.hash(), out);
      case Payload.Verification v -> coded(v.algorithm(), v.data(), out);
      case Payload.SecurityPolicy policy -> securityPolicy(policy, out);
      case Payload.Rand rand -> out.withLength8(rand.value());
      case Payload.ErrorReport error -> {
        out.u8(error.number());
        out.u16(0);
      }
      case Payload.Idr idr -> {
        out.u8(idr.role().code());
        codedWithLength(idr.type(), idr.value(), out);
      }
      case Payload.GeneralExtension extension -> {
        out.u8(extension.type());
        out.withLength16(extension.data());
      }
      case Payload.Sakke sakke -> {
        out.u8(sakke.parameterSet());
        out.u8(sakke.idScheme());
        out.withLength16(sakke.data());
      }
    }
  }

  private static void kemac(Payload.Kemac kemac, OctetWriter out) {
    codedWithLength(kemac.encryption(), kemac.encryptedData(), out);
    coded(kemac.macAlgorithm(), kemac.mac(), out);
  }

  /// Key validity data, without the KV field that names its form (RFC 3830, 6.14).
  static void validity(KeyValidity validity, OctetWriter out) {
    switch (validity) {
      case KeyValidity.Unlimited _ -> {}
      case KeyValidity.Spi spi -> out.withLength8(spi.value());
      case KeyValidity.Interval interval -> {
        out.withLength8(interval.from());
        out.withLength8(interval.to());
      }
    }
  }

  private static void securityPolicy(Payload.SecurityPolicy policy, OctetWriter out) {
    var parameters = new OctetWriter();
    for (Payload.SecurityPolicy.Parameter parameter : policy.parameters()) {
      parameters.u8(parameter.type());
      parameters.withLength8(parameter.value());
    }
    out.u8(policy.number());
    out.u8(policy.protocol());
    out.withLength16(Octets.of(parameters.toOctets()));
  }

  private static void coded(Coded code, Octets value, OctetWriter out) {
    out.u8(code.code());
    out.octets(value);
  }

  private static void codedWithLength(Coded code, Octets value, OctetWriter out) {
    out.u8(code.code());
    out.withLength16(value);
  }
}
