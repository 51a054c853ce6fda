package parley.mikey.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import parley.mikey.InvalidKey;
import parley.mikey.eccsi.EccsiPublicKey;
import parley.mikey.sakke.SakkePublicKey;

/// What everybody knows of a KMS: its name, its two public keys, and how it forms identifiers.
///
/// It gets here by a channel that is trusted by other means; it carries no signature. Immutable.
public final class KmsCertificate {
  private static final byte VERSION = 1;
  private static final int KPAK_OCTETS = 65;
  private static final int Z_OCTETS = 257;
  private static final int FIXED_OCTETS = 2 + 2 * Long.BYTES + KPAK_OCTETS + Z_OCTETS;

  /// Keys are accepted this much before and after their period (RFC 6509, 3.3), or half a period if
  /// less.
  private static final Duration TOLERANCE = Duration.ofDays(2);

  private static final Instant NTP_EPOCH = Instant.parse("1900-01-01T00:00:00Z");

  private final String kmsUri;
  private final UserIdFormat format;
  private final long periodSeconds;
  private final long offsetSeconds;
  private final EccsiPublicKey authKey;
  private final SakkePublicKey encKey;

  private KmsCertificate(
      String kmsUri,
      UserIdFormat format,
      long periodSeconds,
      long offsetSeconds,
      EccsiPublicKey authKey,
      SakkePublicKey encKey) {
    this.kmsUri = kmsUri;
    this.format = format;
    this.periodSeconds = periodSeconds;
    this.offsetSeconds = offsetSeconds;
    this.authKey = authKey;
    this.encKey = encKey;
  }

  /// Joins the parts. With [UserIdFormat#RFC_6509] the period is the month, and the two numbers are
  /// kept as 0 whatever they say; else a period of `periodSeconds` begins `offsetSeconds` after
  /// 1900 and so on.
  ///
  /// @throws IllegalArgumentException if the KMS URI is not printable ASCII, or a number is out of
  ///   range
  public static KmsCertificate of(
      String kmsUri,
      UserIdFormat format,
      long periodSeconds,
      long offsetSeconds,
      EccsiPublicKey kpak,
      SakkePublicKey z) {
    if (!kmsUri.matches("[\\x21-\\x7E]{1,255}")) {
      throw new IllegalArgumentException(
          "a KMS URI is 1 to 255 printable ASCII characters, not " + CanonicalUri.quote(kmsUri));
    }
    if (format == UserIdFormat.RFC_6509) {
      return new KmsCertificate(kmsUri, format, 0, 0, kpak, z);
    }
    if (periodSeconds != Math.clamp(periodSeconds, 1, Integer.MAX_VALUE)
        || offsetSeconds != Math.clamp(offsetSeconds, 0, Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "no key period of " + periodSeconds + " s at offset " + offsetSeconds + " s");
    }
    return new KmsCertificate(kmsUri, format, periodSeconds, offsetSeconds, kpak, z);
  }

  public String kmsUri() {
    return kmsUri;
  }

  public UserIdFormat userIdFormat() {
    return format;
  }

  /// The length of a key period; 0 with [UserIdFormat#RFC_6509].
  public long periodSeconds() {
    return periodSeconds;
  }

  /// When the first period begins, in seconds after 1900; 0 with [UserIdFormat#RFC_6509].
  public long offsetSeconds() {
    return offsetSeconds;
  }

  /// KPAK, which verifies signatures.
  public EccsiPublicKey authKey() {
    return authKey;
  }

  /// Z, which encrypts to identifiers.
  public SakkePublicKey encKey() {
    return encKey;
  }

  /// The identifier of `who` in the period of T, which alone decides (RFC 6509, 3.2).
  public byte[] identifier(Identity who, NtpTimestamp t) {
    return identifier(who, periodAt(t.toInstant()));
  }

  public byte[] identifier(Identity who, KeyPeriod period) {
    return switch (format) {
      case RFC_6509 -> Identifiers.rfc6509(who.uri(), monthOf(period.from()));
      case TS_33180 ->
          Identifiers.ts33180(who.uri(), kmsUri, periodSeconds, offsetSeconds, period.number());
    };
  }

  /// The period that holds `t`. Every [NtpTimestamp] has one.
  ///
  /// @throws IllegalArgumentException if `t` is before the first period
  public KeyPeriod periodAt(Instant t) {
    return switch (format) {
      case RFC_6509 -> month(monthOf(t));
      case TS_33180 ->
          numbered(Math.floorDiv(t.getEpochSecond() - firstPeriodEpochSecond(), periodSeconds));
    };
  }

  public KeyPeriod next(KeyPeriod period) {
    return periodAt(period.until());
  }

  /// Whether a message of time `t` may be processed at `now`: its period, widened by two days at
  /// both ends, is open (RFC 6509, 3.3: from the second-to-last day of the month before to the
  /// second of the next).
  public boolean isPeriodAcceptable(NtpTimestamp t, Instant now) {
    KeyPeriod period = periodAt(t.toInstant());
    return !now.isBefore(period.from().minus(tolerance(period)))
        && now.isBefore(acceptableUntil(t));
  }

  /// From when on nobody processes a message of time `t` any more.
  public Instant acceptableUntil(NtpTimestamp t) {
    KeyPeriod period = periodAt(t.toInstant());
    return period.until().plus(tolerance(period));
  }

  private static Duration tolerance(KeyPeriod period) {
    Duration half = Duration.between(period.from(), period.until()).dividedBy(2);
    return half.compareTo(TOLERANCE) < 0 ? half : TOLERANCE;
  }

  private static YearMonth monthOf(Instant t) {
    return YearMonth.from(t.atOffset(ZoneOffset.UTC));
  }

  private static KeyPeriod month(YearMonth month) {
    long number = month.getYear() * 12L + month.getMonthValue() - 1;
    return new KeyPeriod(number, start(month), start(month.plusMonths(1)));
  }

  private static Instant start(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /// Period n begins at `offset + n * period` seconds since 1900 (TS 33.180, F.2.1).
  private KeyPeriod numbered(long number) {
    Instant from = Instant.ofEpochSecond(firstPeriodEpochSecond() + number * periodSeconds);
    return new KeyPeriod(number, from, from.plusSeconds(periodSeconds));
  }

  private long firstPeriodEpochSecond() {
    return NTP_EPOCH.getEpochSecond() + offsetSeconds;
  }

  /// A stable encoding: version 1, format (1), period (8), offset (8), KPAK (65), Z (257), KMS URI
  /// (rest).
  public byte[] encode() {
    byte[] uri = kmsUri.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(FIXED_OCTETS + uri.length)
        .put(VERSION)
        .put((byte) format.code())
        .putLong(periodSeconds)
        .putLong(offsetSeconds)
        .put(authKey.octets())
        .put(encKey.octets())
        .put(uri)
        .array();
  }

  /// Reads what [#encode()] wrote, and nothing else.
  ///
  /// @throws InvalidKey if it is no KMS certificate, or a key in it is not valid
  public static KmsCertificate decode(byte[] octets) throws InvalidKey {
    if (octets.length <= FIXED_OCTETS || octets[0] != VERSION) {
      throw new InvalidKey("this is no KMS certificate of version " + VERSION);
    }
    var in = ByteBuffer.wrap(octets, 1, octets.length - 1);
    int code = in.get();
    var format =
        UserIdFormat.withCode(code)
            .orElseThrow(() -> new InvalidKey("a KMS certificate of unknown UserIdFormat " + code));
    long periodSeconds = in.getLong();
    long offsetSeconds = in.getLong();
    var kpak = EccsiPublicKey.of(next(in, KPAK_OCTETS));
    var z = SakkePublicKey.of(next(in, Z_OCTETS));
    var uri = new String(next(in, in.remaining()), StandardCharsets.ISO_8859_1);
    try {
      var certificate = of(uri, format, periodSeconds, offsetSeconds, kpak, z);
      if (!Arrays.equals(certificate.encode(), octets)) {
        throw new InvalidKey("a KMS certificate with a key period that its UserIdFormat has not");
      }
      return certificate;
    } catch (IllegalArgumentException e) {
      throw new InvalidKey("a KMS certificate with a wrong value: " + e.getMessage());
    }
  }

  private static byte[] next(ByteBuffer in, int length) {
    var octets = new byte[length];
    in.get(octets);
    return octets;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KmsCertificate that && Arrays.equals(encode(), that.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encode());
  }

  @Override
  public String toString() {
    return "KmsCertificate[" + kmsUri + ", " + format + "]";
  }
}
