package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.Reading;
import parley.mikey.Seeds;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.message.MalformedMessage;

/// Octets of any kind are an I_MESSAGE of TS 33.180 or none; and only what its initiator signed is
/// its word. Runs with `-Pfuzz` only.
class KeyTransportFuzz {
  private static final int MOST_LOGGED = 16_384;
  private static final List<byte[]> GOOD = seeds().toList();

  /// The KMS of the published samples.
  private static final KmsCertificate KMS =
      KmsCertificate.of(
          "kms-ts33180.example.org",
          UserIdFormat.TS_33180,
          Fixture.PERIOD_SECONDS,
          0,
          Fixture.KMS.authKey(),
          Fixture.KMS.encKey());

  private final EccsiVerifier verifier = new EccsiVerifier(8);

  static Stream<byte[]> seeds() {
    return Stream.of(
            Seeds.samples("(pck|csk|gmk)-ts"),
            Seeds.messages("interop-mikey-sakke-ts33180.json", "I_MESSAGE"))
        .flatMap(all -> all);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void isReadOrRefused(byte[] octets) throws MalformedMessage {
    if (Reading.succeeds(octets, UnverifiedKeyTransport::read)) {
      var message = UnverifiedKeyTransport.read(octets);
      assertThat(message.toString()).hasSizeLessThan(MOST_LOGGED);
      if (message.isSignedAsClaimed(KMS, verifier)) {
        assertThat(GOOD).contains(octets);
      }
    }
  }
}
