package parley.mikey.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.YearMonth;
import parley.mikey.prf.Kdf33220;

/// The two forms of the identifier that ECCSI and SAKKE work on. URIs are used exactly as written.
public final class Identifiers {
  private static final byte[] UID_LABEL = "MIKEY-SAKKE-UID".getBytes(StandardCharsets.US_ASCII);

  private Identifiers() {}

  /// `YYYY-MM` NUL URI NUL (RFC 6509, 3.2, which has `tel:` in mind; here any URI).
  public static byte[] rfc6509(String uri, YearMonth month) {
    if (month.getYear() < 0 || month.getYear() > 9999) {
      throw new IllegalArgumentException("a year has four digits, not " + month.getYear());
    }
    String text = "%04d-%02d\0%s\0".formatted(month.getYear(), month.getMonthValue(), uri);
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// The UID, 32 octets: SHA-256 of FC = 0 and six parameters, each followed by its 2-octet length
  /// (TS 33.180, F.2.1). Its top bit may be set.
  public static byte[] ts33180(
      String uri, String kmsUri, long periodSeconds, long offsetSeconds, long periodNumber) {
    return sha256()
        .digest(
            Kdf33220.input(
                0,
                UID_LABEL,
                uri.getBytes(StandardCharsets.US_ASCII),
                kmsUri.getBytes(StandardCharsets.US_ASCII),
                Kdf33220.number(periodSeconds),
                Kdf33220.number(offsetSeconds),
                Kdf33220.number(periodNumber)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
