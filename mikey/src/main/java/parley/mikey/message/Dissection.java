package parley.mikey.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// A message payload by payload, for people: where each stands, what it is called, what it says.
///
/// Nothing is verified, and nothing is secret, as keys travel encrypted. Text that a sender chose
/// is quoted, and what is not printable ASCII is escaped in it.
public record Dissection(List<Part> parts) {
  /// HDR or a payload: `octets` of them from `offset` on, one line about all, and more about what
  /// is in it.
  public record Part(int offset, int octets, String name, String text, List<String> details) {
    public Part {
      details = List.copyOf(details);
    }
  }

  private static final long NTP_TO_UNIX_SECONDS = 2_208_988_800L;
  private static final HexFormat HEX = HexFormat.of();

  public Dissection {
    parts = List.copyOf(parts);
  }

  /// @throws MalformedMessage if the octets are no message of the grammar
  public static Dissection of(byte[] octets) throws MalformedMessage {
    MikeyMessage message = MikeyReader.read(octets);
    var parts = new ArrayList<Part>();
    parts.add(header(message.header()));
    for (int i = 0; i < message.payloads().size(); i++) {
      Payload payload = message.payloads().get(i);
      parts.add(
          new Part(
              message.offsetOf(i),
              MikeyWriter.octets(payload),
              PayloadType.of(payload).name(),
              text(payload),
              details(payload)));
    }
    return new Dissection(parts);
  }

  private static Part header(Header header) {
    String text =
        "version %d, data type %s, V %d, PRF %d (%s), CSB ID %08x, #CS %d, CS ID map type %d"
            .formatted(
                Header.VERSION,
                named(header.dataType()),
                header.verificationWanted() ? 1 : 0,
                header.prf().code(),
                header.prf(),
                header.csbId(),
                header.map().sessions(),
                header.map().type());
    var details = new ArrayList<String>(sessions(header.map()));
    if (header.dataType() == DataType.SAKKE) {
      details.addFirst("CSB ID with purpose tag " + purpose(header.csbId()));
    }
    return new Part(0, MikeyWriter.octets(header), "HDR", text, details);
  }

  private static String purpose(int csbId) {
    return KeyPurpose.ofId(csbId)
        .map(Dissection::named)
        .orElseGet(() -> "%d (not known here)".formatted(csbId >>> 28));
  }

  private static List<String> sessions(CsIdMap map) {
    return switch (map) {
      case CsIdMap.Empty _ -> List.of();
      case CsIdMap.SrtpId srtp ->
          srtp.entries().stream()
              .map(entry ->
                  "policy %d, SSRC %08x, ROC %s"
                      .formatted(
                          entry.policyNumber(),
                          entry.ssrc(),
                          Integer.toUnsignedString(entry.roc())))
              .toList();
      case CsIdMap.GenericId generic ->
          generic.entries().stream().map(Dissection::session).toList();
    };
  }

  private static String session(CsIdMap.GenericIdEntry entry) {
    return "CS ID %d, protocol %d, S %d, policies %s, data %s, SPI %s"
        .formatted(
            entry.csId(),
            entry.protocol(),
            entry.hasIndex() ? 1 : 0,
            entry.policyNumbers(),
            hex(entry.data()),
            hex(entry.spi()));
  }

  private static String text(Payload payload) {
    return switch (payload) {
      case Payload.Kemac kemac ->
          "encryption %s, %d octets of encrypted data, MAC %s"
              .formatted(
                  named(kemac.encryption()),
                  kemac.encryptedData().length(),
                  named(kemac.macAlgorithm()));
      case Payload.Pke pke ->
          "C %d, %d octets".formatted(pke.cacheIndicator(), pke.data().length());
      case Payload.Dh dh -> "group %s, %s".formatted(named(dh.group()), validity(dh.validity()));
      case Payload.Sign sign ->
          "type %s, %d octets".formatted(named(sign.type()), sign.signature().length());
      case Payload.Timestamp t -> "type %s, %s".formatted(named(t.type()), time(t));
      case Payload.Id id ->
          "type %s, %s".formatted(named(id.type()), identity(id.type(), id.value()));
      case Payload.Cert cert ->
          "type %s, %d octets".formatted(named(cert.type()), cert.value().length());
      case Payload.CertHash hash -> "function %s".formatted(named(hash.function()));
      case Payload.Verification v -> "algorithm %s".formatted(named(v.algorithm()));
      case Payload.SecurityPolicy sp ->
          "policy %d, protocol %d, %d parameters"
              .formatted(sp.number(), sp.protocol(), sp.parameters().size());
      case Payload.Rand rand -> "%d octets".formatted(rand.value().length());
      case Payload.ErrorReport error -> "number %d".formatted(error.number());
      case Payload.Idr idr ->
          "role %s, type %s, %s"
              .formatted(named(idr.role()), named(idr.type()), identity(idr.type(), idr.value()));
      case Payload.GeneralExtension extension ->
          "type %d (%s), %d octets"
              .formatted(
                  extension.type(), extensionName(extension.type()), extension.data().length());
      case Payload.Sakke sakke ->
          "parameter set %d, identifier scheme %d, %d octets"
              .formatted(sakke.parameterSet(), sakke.idScheme(), sakke.data().length());
    };
  }

  private static List<String> details(Payload payload) {
    return switch (payload) {
      case Payload.Kemac kemac -> of("data", kemac.encryptedData(), "MAC", kemac.mac());
      case Payload.Pke pke -> of("data", pke.data());
      case Payload.Dh dh -> of("value", dh.value());
      case Payload.Sign sign -> of("signature", sign.signature());
      case Payload.Cert cert -> of("certificate", cert.value());
      case Payload.CertHash hash -> of("hash", hash.hash());
      case Payload.Verification v -> of("data", v.data());
      case Payload.SecurityPolicy sp ->
          sp.parameters().stream()
              .map(parameter -> "type %d: %s".formatted(parameter.type(), hex(parameter.value())))
              .toList();
      case Payload.Rand rand -> of("value", rand.value());
      case Payload.GeneralExtension extension -> of("data", extension.data());
      case Payload.Sakke sakke -> of("data", sakke.data());
      case Payload.Timestamp _, Payload.Id _, Payload.Idr _, Payload.ErrorReport _ -> List.of();
    };
  }

  private static List<String> of(String name, Octets value) {
    return List.of(name + " " + hex(value));
  }

  private static List<String> of(String name, Octets value, String next, Octets nextValue) {
    return List.of(name + " " + hex(value), next + " " + hex(nextValue));
  }

  private static String named(Enum<?> value) {
    int code =
        switch (value) {
          case Coded coded -> coded.code();
          default -> throw new IllegalArgumentException(value + " has no number");
        };
    return "%d (%s)".formatted(code, value.name());
  }

  private static String extensionName(int type) {
    return switch (type) {
      case Payload.GeneralExtension.VENDOR_ID -> "vendor id";
      case 1 -> "SDP ids";
      case Payload.GeneralExtension.SAKKE_TO_SELF -> "SAKKE to self";
      case Payload.GeneralExtension.KEY_ID -> "key id";
      case Payload.GeneralExtension.KEY_PARAMETERS -> "key parameters";
      default -> "not known here";
    };
  }

  private static String validity(KeyValidity validity) {
    return switch (validity) {
      case KeyValidity.Unlimited _ -> "no key validity";
      case KeyValidity.Spi spi -> "SPI " + hex(spi.value());
      case KeyValidity.Interval interval ->
          "valid from " + hex(interval.from()) + " to " + hex(interval.to());
    };
  }

  private static String time(Payload.Timestamp t) {
    return switch (t.type()) {
      case NTP_UTC, NTP ->
          "%s = %s".formatted(hex(t.value()), instant(t.value().intAt(0), t.value().intAt(4)));
      case NTP_UTC_32 -> "%s = %s".formatted(hex(t.value()), instant(t.value().intAt(0), 0));
      case COUNTER -> Integer.toUnsignedString(t.value().intAt(0));
    };
  }

  /// Of the present NTP era (RFC 5905, 6).
  private static Instant instant(int seconds, int fraction) {
    long nanos = (Integer.toUnsignedLong(fraction) * 1_000_000_000L) >>> Integer.SIZE;
    return Instant.ofEpochSecond(Integer.toUnsignedLong(seconds) - NTP_TO_UNIX_SECONDS, nanos);
  }

  private static String identity(IdType type, Octets value) {
    return type == IdType.BYTE_STRING ? hex(value) : quoted(value);
  }

  private static String quoted(Octets value) {
    return new String(value.bytes(), StandardCharsets.ISO_8859_1)
        .chars()
        .mapToObj(c ->
            c < 0x20 || c > 0x7e || c == '"' || c == '\\'
                ? "\\x%02x".formatted(c)
                : String.valueOf((char) c))
        .collect(Collectors.joining("", "\"", "\""));
  }

  private static String hex(Octets value) {
    return value.length() == 0 ? "none" : HEX.formatHex(value.bytes());
  }
}
