package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.Reading;
import parley.mikey.Seeds;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.message.MalformedMessage;

/// Octets of any kind are an I_MESSAGE of ours or none; and only what the manager signed is its
/// word. Runs with `-Pfuzz` only.
class GmkDistributionFuzz {
  private static final int MOST_LOGGED = 1024;
  private static final List<byte[]> GOOD = seeds().toList();

  private final EccsiVerifier verifier = new EccsiVerifier(8);

  static Stream<byte[]> seeds() {
    return Seeds.messages("profile-gmk-imessage.json", "message");
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void isReadOrRefused(byte[] octets) throws MalformedMessage {
    if (Reading.succeeds(octets, UnverifiedGmkDistribution::read)) {
      var message = UnverifiedGmkDistribution.read(octets);
      assertThat(message.octets()).isEqualTo(octets);
      assertThat(message.toString()).hasSizeLessThan(MOST_LOGGED);
      if (message.isSigned(GmkDistributionVectorTest.GROUP, Fixture.KMS, verifier)) {
        assertThat(GOOD).contains(octets);
      }
    }
  }
}
