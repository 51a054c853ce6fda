package parley.keys.kms.front;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// What a path asks for (TS 33.180, D.2.1). Decoded once; what is not canonical then is no
/// resource.
sealed interface Resource {
  String ROOT = "/keymanagement/identity/v1";

  /// `/init`
  record Init() implements Resource {}

  /// `/keyprov`, `/keyprov/<URI>`, `/keyprov/<URI>/<NTP timestamp in hexadecimal>`
  record KeyProv(@Nullable Identity who, @Nullable Instant at) implements Resource {}

  /// `/certcache`, `/certcache/<number that the client has>`
  record CertCache(long has) implements Resource {}

  /// `/cert/<KMS URI>`
  record Cert(String kmsUri) implements Resource {}

  static Optional<Resource> of(String path) {
    if (!path.startsWith(ROOT + "/")) {
      return Optional.empty();
    }
    String[] parts = path.substring(ROOT.length() + 1).split("/", -1);
    try {
      return Optional.ofNullable(read(parts));
    } catch (IllegalArgumentException | CharacterCodingException _) {
      return Optional.empty();
    }
  }

  private static @Nullable Resource read(String... parts) throws CharacterCodingException {
    return switch (parts[0]) {
      case "init" -> parts.length == 1 ? new Init() : null;
      case "keyprov" ->
          switch (parts.length) {
            case 1 -> new KeyProv(null, null);
            case 2 -> new KeyProv(new Identity(decoded(parts[1])), null);
            case 3 -> new KeyProv(new Identity(decoded(parts[1])), time(parts[2]));
            default -> null;
          };
      case "certcache" ->
          switch (parts.length) {
            case 1 -> new CertCache(-1);
            case 2 -> new CertCache(number(parts[1]));
            default -> null;
          };
      case "cert" -> parts.length == 2 ? new Cert(kmsUri(decoded(parts[1]))) : null;
      default -> null;
    };
  }

  private static Instant time(String hex) {
    if (hex.length() != 16) {
      throw new IllegalArgumentException("an NTP timestamp has 16 hexadecimal digits");
    }
    return new NtpTimestamp(HexFormat.fromHexDigitsToLong(hex)).toInstant();
  }

  private static long number(String text) {
    if (!text.matches("0|[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("no number");
    }
    return Long.parseLong(text);
  }

  private static String kmsUri(String text) {
    if (!text.matches("[\\x21-\\x7E]{1,255}")) {
      throw new IllegalArgumentException("no URI");
    }
    return text;
  }

  /// Percent-decoded, once and as a whole.
  private static String decoded(String part) throws CharacterCodingException {
    ByteBuffer out = ByteBuffer.allocate(part.length());
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == '%') {
        if (i + 3 > part.length()) {
          throw new IllegalArgumentException("ends within a percent-encoding");
        }
        out.put((byte) HexFormat.fromHexDigits(part, i + 1, i + 3));
        i += 2;
      } else if (c > 0x20 && c < 0x7F) {
        out.put((byte) c);
      } else {
        throw new IllegalArgumentException("no ASCII");
      }
    }
    return StandardCharsets.US_ASCII.newDecoder().decode(out.flip()).toString();
  }
}
