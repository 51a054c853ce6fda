package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.group.Fixture.GOOD;
import static parley.mikey.group.Fixture.NOW;
import static parley.mikey.group.Fixture.OTHER;
import static parley.mikey.group.Fixture.T;
import static parley.mikey.group.Fixture.TALKER;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.prf.MikeyKeys;
import parley.mikey.secret.SecretAccess;

class AnnouncementVerifierTest {
  private Instant now = NOW;
  private final AnnouncementVerifier verifier =
      new AnnouncementVerifier(new EccsiVerifier(8), () -> now);
  private final GroupMasterKey gmk = Fixture.gmk();

  private Admission.Admitted admitted(byte[] octets) throws Exception {
    return new Admission.Admitted(UnverifiedAnnouncement.read(octets), gmk);
  }

  private AnnouncementVerifier.Outcome verify(byte[] octets) throws Exception {
    return verifier.verify(admitted(octets), Fixture.DIRECTORY);
  }

  @Test
  void verifiesTheVectorAndUnwrapsItsKey() throws Exception {
    assertThat(verify(GOOD))
        .isInstanceOfSatisfying(
            AnnouncementVerifier.Outcome.Verified.class,
            verified -> {
              VerifiedAnnouncement announcement = verified.announcement();
              assertThat(announcement.talker()).isEqualTo(TALKER);
              assertThat(announcement.octets()).isEqualTo(GOOD);
              assertThat(announcement.gskId()).isEqualTo(0xf0000001);
              assertThat(announcement.gsk().key()).isEqualTo(Fixture.gsk().key());
              assertThat(announcement.gmk()).isSameAs(gmk);
              assertThat(announcement.kms()).isSameAs(Fixture.KMS);
              announcement.close();
              assertThat(announcement.gsk().key().isClosed()).isTrue();
            });
  }

  @Test
  void showsTheOriginOfABridgedTalker() throws Exception {
    assertThat(verify(Fixture.BRIDGED))
        .isInstanceOfSatisfying(
            AnnouncementVerifier.Outcome.Verified.class,
            verified -> {
              var group2 = new Identity("sip:group2@mcptt.example.org");
              assertThat(verified.announcement().origin())
                  .isEqualTo(new BridgeOrigin(OTHER, group2, 0x2badcafe, List.of(TALKER)));
            });
  }

  @Test
  void refusesAnImpostorThatSignsWithItsOwnKey() throws Exception {
    assertRefused(Fixture.seal(Fixture.fields(), T, OTHER), Refusal.BAD_SIGNATURE);
  }

  @Test
  void refusesAForeignKms() throws Exception {
    assertThat(verifier.verify(admitted(GOOD), _ -> null))
        .isInstanceOfSatisfying(
            AnnouncementVerifier.Outcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refusal.UNKNOWN_KMS));
  }

  @Test
  void refusesAPeriodThatIsOver() throws Exception {
    now = Instant.parse("2011-03-03T00:00:00Z");
    assertRefused(GOOD, Refusal.PERIOD_NOT_ACCEPTABLE);
    now = now.minusNanos(1);
    assertThat(verify(GOOD)).isInstanceOf(AnnouncementVerifier.Outcome.Verified.class);
  }

  @Test
  void refusesKeyDataThatIsNotTheAnnouncedKey() throws Exception {
    String gsk = "404142434445464748494a4b4c4d4e4f";
    assertBadKeyData("00010010" + gsk + "04f0000002"); // another MKI
    assertBadKeyData("00010010" + gsk + "04e0000001"); // no GSK-ID
    assertBadKeyData("00000010" + gsk); // no MKI
    assertBadKeyData("00210010" + gsk + "04f0000001"); // a TEK
    assertBadKeyData("00020010" + gsk + "0100" + "0101"); // an interval
    assertBadKeyData("0001000f" + gsk.substring(2) + "04f0000001"); // 15 octets
    assertBadKeyData("1400000100" + Fixture.KEY_DATA); // two keys
    assertBadKeyData(Fixture.KEY_DATA + "00"); // an octet too many
    assertBadKeyData("");
  }

  private void assertBadKeyData(String keyData) throws Exception {
    byte[] sealed =
        Fixture.seal(AnnouncementProfile.GROUP_CALL, Fixture.fields(), T, TALKER, keyData);
    assertRefused(sealed, Refusal.BAD_KEY_DATA);
  }

  @Test
  void anotherTalkersRandGivesTheSameGskOtherMediaKeys() throws Exception {
    var policy = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);
    var own = Fixture.fields();
    var stolen = Fixture.fields(OTHER, Fixture.GROUP, policy, null);
    assertThat(stolen.rand()).isNotEqualTo(own.rand());
    assertThat(tek(stolen)).isNotEqualTo(tek(own));
  }

  private static byte[] tek(AnnouncementFields f) {
    var prf = AnnouncementProfile.GROUP_CALL.prf();
    byte[] rand = f.rand().bytes();
    try (var gsk = Fixture.gsk()) {
      return gsk.key()
          .lend(SecretAccess.token(), tgk -> MikeyKeys.tek(prf, tgk, 4, f.csbId(), rand, 16));
    }
  }

  @Test
  void theSameMessageInAnotherMonthIsSignedWithAnotherIdentifier() throws Exception {
    byte[] later = Fixture.seal(Fixture.fields(), Fixture.after(Duration.ofDays(20)), TALKER);
    now = NOW.plus(Duration.ofDays(20));
    assertRefused(later, Refusal.BAD_SIGNATURE);
  }

  private void assertRefused(byte[] octets, Refusal reason) throws Exception {
    assertThat(verify(octets))
        .isInstanceOfSatisfying(
            AnnouncementVerifier.Outcome.Refused.class,
            refused -> assertThat(refused.reason()).as(refused.detail()).isEqualTo(reason));
  }
}
