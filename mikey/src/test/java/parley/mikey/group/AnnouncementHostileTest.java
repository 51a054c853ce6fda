package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.group.Fixture.GOOD;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.mikey.eccsi.EccsiVerifier;

/// A good announcement, damaged in every way: each ends in a named refusal, nothing is remembered
/// of it, and the good one is accepted afterwards.
class AnnouncementHostileTest {
  private static final int MUTATIONS = 30_000;

  private final GmkBook book = new GmkBook();
  private final ReplayCache cache =
      ReplayCache.of(ReplayCache.DEFAULT_PER_TALKER, GateRules.DEFAULT_WINDOW);
  private final AnnouncementGate gate;
  private final AnnouncementVerifier verifier =
      new AnnouncementVerifier(new EccsiVerifier(8), () -> Fixture.NOW);

  AnnouncementHostileTest() {
    book.add(Fixture.gmk());
    var rules =
        GateRules.of(
            Fixture.GROUP, Set.copyOf(MediaPolicy.ALL), null, Fixture.NOW.minusSeconds(3600));
    gate = new AnnouncementGate(rules, book, cache, () -> Fixture.NOW);
  }

  @AfterEach
  void nothingIsRememberedAndTheGoodOneIsAccepted() {
    assertThat(cache.size()).isZero();
    assertThat(gate.inFlight()).isZero();
    assertThat(book.all(Fixture.GROUP)).hasSize(1);
    assertThat(refusal(GOOD)).isNull();
    book.close();
  }

  @Test
  void everyCutIsRefused() {
    for (int length = 0; length < GOOD.length; length++) {
      assertThat(refusal(Arrays.copyOf(GOOD, length)))
          .as("cut at %s", length)
          .isEqualTo(Refusal.MALFORMED);
    }
  }

  @Test
  void everyBitFlipIsRefused() {
    for (int bit = 0; bit < GOOD.length * Byte.SIZE; bit++) {
      assertThat(refusal(flipped(GOOD, bit))).as("bit %s", bit).isNotNull();
    }
  }

  @Test
  void everyBitFlipOfABridgedAnnouncementIsRefused() {
    for (int bit = 0; bit < Fixture.BRIDGED.length * Byte.SIZE; bit++) {
      assertThat(refusal(flipped(Fixture.BRIDGED, bit))).as("bit %s", bit).isNotNull();
    }
  }

  @Test
  void randomMutationsAreRefused() {
    for (int seed = 0; seed < MUTATIONS; seed++) {
      var random = new Random(seed);
      byte[] bad = GOOD.clone();
      for (int i = random.nextInt(6); i >= 0; i--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      if (!Arrays.equals(bad, GOOD)) {
        assertThat(refusal(bad)).as("seed %s", seed).isNotNull();
      }
    }
  }

  static byte[] flipped(byte[] octets, int bit) {
    byte[] flipped = octets.clone();
    flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
    return flipped;
  }

  /// Null where gate and verifier both accept; leaves the flight ended, and not remembered.
  private @Nullable Refusal refusal(byte[] octets) {
    return switch (gate.admit(octets)) {
      case Admission.Refused refused -> refused.reason();
      case Admission.Admitted admitted -> verified(admitted);
    };
  }

  private @Nullable Refusal verified(Admission.Admitted admitted) {
    var outcome = verifier.verify(admitted, Fixture.DIRECTORY);
    gate.settle(admitted, false);
    return switch (outcome) {
      case AnnouncementVerifier.Outcome.Verified _ -> null;
      case AnnouncementVerifier.Outcome.Refused refused -> refused.reason();
    };
  }
}
