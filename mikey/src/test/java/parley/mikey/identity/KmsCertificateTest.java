package parley.mikey.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;
import static parley.mikey.Vectors.octets;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.mikey.InvalidKey;
import parley.mikey.Vectors;
import parley.mikey.eccsi.EccsiPublicKey;
import parley.mikey.sakke.SakkePublicKey;
import tools.jackson.databind.JsonNode;

class KmsCertificateTest {
  private static final String KMS = "kms.example.org";
  private static final JsonNode KEYS =
      Vectors.load("interop-mikey-sakke-ts33180.json").required("kms");
  private static final EccsiPublicKey KPAK;
  private static final SakkePublicKey Z;

  static {
    try {
      KPAK = EccsiPublicKey.of(octets(KEYS, "PubAuthKey"));
      Z = SakkePublicKey.of(octets(KEYS, "PubEncKey"));
    } catch (InvalidKey e) {
      throw new AssertionError(e);
    }
  }

  private static final Identity ALICE = new Identity("tel:+447700900123");
  private static final KmsCertificate MONTHLY =
      KmsCertificate.of(KMS, UserIdFormat.RFC_6509, 0, 0, KPAK, Z);
  private static final KmsCertificate WEEKLY =
      KmsCertificate.of(KMS, UserIdFormat.TS_33180, 604_800, 86_400, KPAK, Z);

  @Test
  void monthOfTMakesTheIdentifierOfRfc6509() {
    var t = NtpTimestamp.of(Instant.parse("2011-02-28T23:59:59.999Z"));
    assertThat(MONTHLY.identifier(ALICE, t))
        .isEqualTo("2011-02\0tel:+447700900123\0".getBytes(StandardCharsets.US_ASCII));
    assertThat(MONTHLY.periodAt(t.toInstant()))
        .isEqualTo(
            new KeyPeriod(
                2011 * 12 + 1,
                Instant.parse("2011-02-01T00:00:00Z"),
                Instant.parse("2011-03-01T00:00:00Z")));
  }

  @Test
  void numberOfThePeriodMakesTheIdentifierOfTs33180() {
    var period = WEEKLY.periodAt(Instant.parse("1900-01-09T00:00:00Z"));
    assertThat(period.number()).isEqualTo(1);
    assertThat(period.from()).isEqualTo(Instant.parse("1900-01-09T00:00:00Z"));
    assertThat(WEEKLY.identifier(ALICE, period))
        .isEqualTo(Identifiers.ts33180(ALICE.uri(), KMS, 604_800, 86_400, 1));
  }

  @Test
  void periodsFollowEachOtherWithoutAGap() {
    qt().forAll(longs().all())
        .check(bits -> {
          var t = new NtpTimestamp(bits).toInstant();
          return follows(MONTHLY, t) && follows(WEEKLY, t);
        });
  }

  private static boolean follows(KmsCertificate kms, Instant t) {
    KeyPeriod period = kms.periodAt(t);
    KeyPeriod next = kms.next(period);
    return period.contains(t)
        && !next.contains(t)
        && next.from().equals(period.until())
        && next.number() == period.number() + 1;
  }

  /// RFC 6509, 3.3: T in February 2011 from the second-to-last day of January to the second of
  /// March.
  @ParameterizedTest
  @CsvSource({
    "2011-01-29T23:59:59Z, false",
    "2011-01-30T00:00:00Z, true",
    "2011-02-14T00:00:00Z, true",
    "2011-03-02T23:59:59Z, true",
    "2011-03-03T00:00:00Z, false",
    "2012-02-14T00:00:00Z, false"
  })
  void acceptsAPeriodTwoDaysAroundItsMonth(Instant now, boolean acceptable) {
    var t = NtpTimestamp.of(Instant.parse("2011-02-15T11:00:00Z"));
    assertThat(MONTHLY.isPeriodAcceptable(t, now)).isEqualTo(acceptable);
  }

  @Test
  void acceptsAShortPeriodHalfItsLengthAround() {
    var hourly = KmsCertificate.of(KMS, UserIdFormat.TS_33180, 3600, 0, KPAK, Z);
    var t = NtpTimestamp.of(Instant.parse("2026-11-23T10:15:00Z"));
    assertThat(hourly.isPeriodAcceptable(t, Instant.parse("2026-11-23T09:30:00Z"))).isTrue();
    assertThat(hourly.isPeriodAcceptable(t, Instant.parse("2026-11-23T09:29:59Z"))).isFalse();
    assertThat(hourly.isPeriodAcceptable(t, Instant.parse("2026-11-23T11:29:59Z"))).isTrue();
    assertThat(hourly.isPeriodAcceptable(t, Instant.parse("2026-11-23T11:30:00Z"))).isFalse();
  }

  @Test
  void decodesExactlyWhatItEncodes() throws Exception {
    for (var certificate : new KmsCertificate[] {MONTHLY, WEEKLY}) {
      var decoded = KmsCertificate.decode(certificate.encode());
      assertThat(decoded).isEqualTo(certificate).hasSameHashCodeAs(certificate);
      assertThat(decoded.encode()).isEqualTo(certificate.encode());
    }
    assertThat(MONTHLY).isNotEqualTo(WEEKLY);
  }

  @Test
  void refusesEncodingsOfAnythingElse() {
    byte[] good = MONTHLY.encode();
    assertRefused(new byte[0]);
    assertRefused(Arrays.copyOf(good, good.length - KMS.length()));
    for (int changed : new int[] {0, 1, 2, 9, 10, 18, 50, 82, 83, 200, 339}) {
      byte[] bad = good.clone();
      bad[changed] ^= 0x40;
      assertRefused(bad);
    }
    byte[] unprintable = good.clone();
    unprintable[good.length - 1] = (byte) 0xE4;
    assertRefused(unprintable);
  }

  private static void assertRefused(byte[] octets) {
    assertThatThrownBy(() -> KmsCertificate.decode(octets)).isInstanceOf(InvalidKey.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-1, 0", "2147483648, 0", "10, -1", "10, 2147483648"})
  void refusesPeriodsThatAreNone(long periodSeconds, long offsetSeconds) {
    assertThatThrownBy(() ->
            KmsCertificate.of(KMS, UserIdFormat.TS_33180, periodSeconds, offsetSeconds, KPAK, Z))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAKmsUriThatDoesNotPrint() {
    assertThatThrownBy(() -> KmsCertificate.of("k ms", UserIdFormat.RFC_6509, 0, 0, KPAK, Z))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
