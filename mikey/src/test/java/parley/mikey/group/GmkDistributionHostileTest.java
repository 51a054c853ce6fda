package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import parley.mikey.Vectors;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.message.MalformedMessage;

/// A good I_MESSAGE, damaged in every way, is malformed or not signed; so the pairing is never paid
/// for it.
class GmkDistributionHostileTest {
  private static final byte[] GOOD = Vectors.octets(GmkDistributionVectorTest.VECTOR, "message");

  private final EccsiVerifier verifier = new EccsiVerifier(8);

  @Test
  void everyCutIsMalformed() {
    for (int length = 0; length < GOOD.length; length++) {
      assertThat(answer(Arrays.copyOf(GOOD, length)))
          .as("cut at %s", length)
          .isEqualTo("malformed");
    }
    assertThat(answer(Arrays.copyOf(GOOD, GOOD.length + 1))).isEqualTo("malformed");
  }

  @Test
  void everyBitFlipIsMalformedOrNotSigned() {
    assertThat(answer(GOOD)).isEqualTo("signed");
    for (int bit = 0; bit < GOOD.length * Byte.SIZE; bit++) {
      byte[] bad = AnnouncementHostileTest.flipped(GOOD, bit);
      assertThat(answer(bad)).as("bit %s", bit).isIn("malformed", "not signed");
    }
  }

  private String answer(byte[] octets) {
    try {
      return UnverifiedGmkDistribution.read(octets)
              .isSigned(GmkDistributionVectorTest.GROUP, Fixture.KMS, verifier)
          ? "signed"
          : "not signed";
    } catch (MalformedMessage _) {
      return "malformed";
    }
  }
}
