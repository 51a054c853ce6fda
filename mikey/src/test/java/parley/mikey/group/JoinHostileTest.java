package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.mikey.Vectors.octets;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.mikey.FixedRandom;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import tools.jackson.databind.JsonNode;

/// A good REFRESH and its answer, damaged in every way: each ends in a named refusal.
class JoinHostileTest {
  private static final int MUTATIONS = 30_000;
  private static final JsonNode CASE = JoinVectorTest.FILE.required("cases").get(1);
  private static final byte[] GOOD = octets(CASE, "message");
  private static final byte[] ANSWER = octets(CASE, "answer");

  private final GmkBook book = new GmkBook();
  private final JoinVerifier verifier = new JoinVerifier(new EccsiVerifier(8), () -> Fixture.NOW);

  JoinHostileTest() {
    book.add(Fixture.gmk());
  }

  @AfterEach
  void theGoodOneIsAccepted() {
    assertThat(refusal(GOOD)).isNull();
    book.close();
  }

  @Test
  void everyCutIsRefused() {
    for (int length = 0; length < GOOD.length; length++) {
      assertThat(refusal(Arrays.copyOf(GOOD, length)))
          .as("cut at %s", length)
          .isEqualTo(JoinRefusal.MALFORMED);
    }
  }

  @Test
  void anOctetTooManyIsRefused() {
    assertThat(refusal(Arrays.copyOf(GOOD, GOOD.length + 1))).isEqualTo(JoinRefusal.MALFORMED);
  }

  @Test
  void everyBitFlipIsRefused() {
    for (int bit = 0; bit < GOOD.length * Byte.SIZE; bit++) {
      assertThat(refusal(AnnouncementHostileTest.flipped(GOOD, bit))).as("bit %s", bit).isNotNull();
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

  /// With the MAC and the signature of a member: what only the grammar can refuse.
  @Test
  void fieldsThatAreNotOfTheGrammarAreRefused() {
    var fields = new VendorFields.Writer();
    assertMalformed(fields.extension());
    assertMalformed(new VendorFields.Writer().field(16, (byte) 4).extension());
    assertMalformed(new VendorFields.Writer().field(16, (byte) 1, (byte) 1).extension());
    assertMalformed(new VendorFields.Writer().field(16).extension());
    assertMalformed(new VendorFields.Writer().field(17, new byte[16]).extension());
    assertMalformed(
        new VendorFields.Writer().field(16, (byte) 1).field(17, new byte[15]).extension());
    assertMalformed(
        new VendorFields.Writer().field(16, (byte) 1).field(17, new byte[17]).extension());
    assertMalformed(
        new VendorFields.Writer()
            .field(16, (byte) 1)
            .field(17, new byte[16])
            .field(18, (byte) 1)
            .extension());
    assertMalformed(new VendorFields.Writer().field(16, (byte) 1).field(16, (byte) 1).extension());
    assertMalformed(new Payload.GeneralExtension(1, Octets.of(new byte[12])));
  }

  private static void assertMalformed(Payload.GeneralExtension extension) {
    var message =
        new JoinFields(
                1,
                Octets.zeros(32),
                Fixture.TALKER,
                Fixture.GROUP,
                1,
                Fixture.KMS_URI,
                JoinVerb.JOIN,
                null,
                Fixture.T)
            .blank();
    var payloads = new ArrayList<>(message.payloads());
    payloads.set(6, extension);
    byte[] octets = MikeyWriter.write(new MikeyMessage(message.header(), payloads));
    assertThatThrownBy(() -> UnverifiedJoin.read(octets)).isInstanceOf(MalformedMessage.class);
  }

  @Test
  void anAnnouncementIsNoJoinAndAJoinNoAnnouncement() {
    assertThat(UnverifiedJoin.isOne(Fixture.GOOD)).isFalse();
    assertThatThrownBy(() -> UnverifiedJoin.read(Fixture.GOOD))
        .isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> UnverifiedAnnouncement.read(GOOD))
        .isInstanceOf(MalformedMessage.class);
  }

  @Test
  void everyCutAndBitFlipOfAnAnswerIsRefused() {
    try (var gmk = Fixture.gmk()) {
      Joining joining = joining(Fixture.TALKER, gmk);
      assertThat(isTaken(ANSWER, joining)).isTrue();
      for (int length = 0; length < ANSWER.length; length++) {
        assertThat(isTaken(Arrays.copyOf(ANSWER, length), joining)).as("cut %s", length).isFalse();
      }
      assertThat(isTaken(Arrays.copyOf(ANSWER, ANSWER.length + 1), joining)).isFalse();
      for (int bit = 0; bit < ANSWER.length * Byte.SIZE; bit++) {
        assertThat(isTaken(AnnouncementHostileTest.flipped(ANSWER, bit), joining))
            .as("bit %s", bit)
            .isFalse();
      }
      assertThat(isTaken(ANSWER, joining(Fixture.OTHER, gmk))).as("another's answer").isFalse();
    }
  }

  private static Joining joining(Identity ue, GroupMasterKey gmk) {
    var random =
        new FixedRandom(
            octets(JoinVectorTest.FILE, "CSB_ID"), octets(JoinVectorTest.FILE, "RAND_N"));
    return Joining.prepare(ue, Fixture.KMS_URI, gmk, random);
  }

  private static boolean isTaken(byte[] octets, Joining joining) {
    try {
      return JoinAnswer.read(octets).isFor(joining);
    } catch (MalformedMessage _) {
      return false;
    }
  }

  /// Null where gate and verifier accept. A gate for each, since a gate remembers.
  private @Nullable JoinRefusal refusal(byte[] octets) {
    var gate =
        new JoinGate(
            Fixture.GROUP,
            Fixture.OTHER,
            Duration.ofSeconds(60),
            book,
            () -> Fixture.NOW.minusSeconds(1));
    return switch (gate.admit(octets)) {
      case JoinAdmission.Refused refused -> refused.reason();
      case JoinAdmission.Admitted admitted -> verifier.refusal(admitted, Fixture.DIRECTORY);
    };
  }
}
