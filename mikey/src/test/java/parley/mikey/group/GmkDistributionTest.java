package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.mikey.group.Fixture.GROUP;
import static parley.mikey.group.Fixture.KMS;
import static parley.mikey.group.Fixture.OTHER;
import static parley.mikey.group.Fixture.T;

import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.message.MalformedMessage;
import parley.mikey.sakke.SakkeReceiver;

/// What a member checks of a GMK distribution beyond its octets, and the receipt it sends.
class GmkDistributionTest {
  private static final Identity MANAGER = new Identity("sip:manager@example.org");
  private static final Identity GROUP_2 = new Identity("sip:group2@mcptt.example.org");

  private static SakkeReceiver receiver;

  private final EccsiVerifier verifier = new EccsiVerifier(8);

  @BeforeAll
  static void receiver() throws Exception {
    byte[] id = KMS.identifier(OTHER, T);
    try (var rsk = Fixture.Z.issue(id)) {
      receiver = SakkeReceiver.of(KMS.encKey(), id, rsk);
    }
  }

  private static UnverifiedGmkDistribution sealed(GroupMasterKey gmk, Identity manager, Identity ue)
      throws Exception {
    try (var signer = Fixture.signer(manager)) {
      var offer = new GmkOffer(gmk.group(), manager, ue, gmk);
      return UnverifiedGmkDistribution.read(
          GmkDistribution.seal(offer, signer, KMS, T, Fixture.RANDOM));
    }
  }

  @Test
  void aManagerOfItsOwnIdentityNamesTheGroup() throws Exception {
    try (var gmk = Fixture.gmk()) {
      var message = sealed(gmk, MANAGER, OTHER);
      assertThat(message.isSigned(MANAGER, KMS, verifier)).isTrue();
      assertThat(message.isSigned(GROUP, KMS, verifier)).isFalse();
      try (var opened = message.open(GROUP, OTHER, receiver).orElseThrow()) {
        assertThat(opened.gmkId()).isEqualTo(gmk.gmkId());
        assertThat(opened.key()).isEqualTo(gmk.key());
      }
      assertThatThrownBy(() -> message.open(GROUP_2, OTHER, receiver))
          .isInstanceOf(MalformedMessage.class)
          .hasMessageContaining("not for sip:group2");
    }
  }

  @Test
  void carriesPeriodAndRevocation() throws Exception {
    Instant start = Instant.ofEpochSecond(1);
    Instant end = Instant.ofEpochSecond(0xff_ffff_ffffL);
    try (var gmk =
            GroupMasterKey.of(
                GROUP,
                0x0fffffff,
                Fixture.secret("00112233445566778899aabbccddeeff"),
                T,
                start,
                end,
                true);
        var opened = sealed(gmk, GROUP, OTHER).open(GROUP, OTHER, receiver).orElseThrow()) {
      assertThat(opened.activation()).isEqualTo(start);
      assertThat(opened.expiry()).isEqualTo(end);
      assertThat(opened.isRevoked()).isTrue();
      assertThat(opened.gmkId()).isEqualTo(0x0fffffff);
    }
  }

  @Test
  void anUnlimitedPeriodStaysUnlimited() throws Exception {
    try (var gmk =
            GroupMasterKey.of(
                GROUP,
                7,
                Fixture.secret("00112233445566778899aabbccddeeff"),
                T,
                Instant.EPOCH,
                Instant.MAX,
                false);
        var opened = sealed(gmk, GROUP, OTHER).open(GROUP, OTHER, receiver).orElseThrow()) {
      assertThat(opened.expiry()).isEqualTo(Instant.MAX);
      assertThat(opened.activation()).isEqualTo(Instant.EPOCH);
    }
  }

  @Test
  void isForOneMemberOnly() throws Exception {
    try (var gmk = Fixture.gmk()) {
      var message = sealed(gmk, GROUP, Fixture.TALKER);
      assertThatThrownBy(() -> message.open(GROUP, OTHER, receiver))
          .isInstanceOf(MalformedMessage.class);
      assertThat(message.open(GROUP, Fixture.TALKER, receiver)).isEmpty();
    }
  }

  @Test
  void anotherMembersSignatureDoesNotMakeAGroup() throws Exception {
    try (var gmk = Fixture.gmk()) {
      var message = sealed(gmk, Fixture.TALKER, OTHER);
      assertThat(message.isSigned(GROUP, KMS, verifier)).isFalse();
      var elsewhere =
          KmsCertificate.of(
              "other.example.org", UserIdFormat.RFC_6509, 0, 0, KMS.authKey(), KMS.encKey());
      assertThat(sealed(gmk, GROUP, OTHER).isSigned(GROUP, elsewhere, verifier)).isFalse();
    }
  }

  @Test
  void aRepeatHasTheSameDigestWhateverItsSignature() throws Exception {
    try (var gmk = Fixture.gmk()) {
      var message = sealed(gmk, GROUP, OTHER);
      byte[] bent = message.octets();
      bent[bent.length - 1] ^= 1;
      var read = UnverifiedGmkDistribution.read(bent);
      assertThat(read.signedDigest()).isEqualTo(message.signedDigest());
      assertThat(read.isSigned(GROUP, KMS, verifier)).isFalse();
    }
  }

  @Test
  void receiptProvesPossessionForThisMessageOnly() throws Exception {
    try (var gmk = Fixture.gmk();
        var wrong =
            GroupMasterKey.of(
                GROUP,
                gmk.gmkId(),
                Fixture.secret("ff".repeat(16)),
                T,
                Instant.EPOCH,
                Instant.MAX,
                false)) {
      var message = sealed(gmk, GROUP, OTHER);
      var again = sealed(gmk, GROUP, OTHER);
      byte[] octets = GmkReceipt.seal(message, gmk);
      GmkReceipt receipt = GmkReceipt.read(octets);
      assertThat(receipt.csbId()).isEqualTo(message.csbId());
      assertThat(receipt.timestamp()).isEqualTo(T);
      assertThat(receipt.ue()).isEqualTo(OTHER);
      assertThat(receipt.isValid(message, gmk)).isTrue();
      assertThat(receipt.isValid(message, wrong)).isFalse();
      assertThat(receipt.isValid(again, gmk)).isFalse();
      assertThat(octets.length).isLessThan(message.octets().length);
    }
  }

  @Test
  void everyCutAndEveryBitFlipOfAReceiptIsRefused() throws Exception {
    try (var gmk = Fixture.gmk()) {
      var message = sealed(gmk, GROUP, OTHER);
      byte[] good = GmkReceipt.seal(message, gmk);
      for (int length = 0; length < good.length; length++) {
        byte[] cut = Arrays.copyOf(good, length);
        assertThatThrownBy(() -> GmkReceipt.read(cut)).isInstanceOf(MalformedMessage.class);
      }
      for (int bit = 0; bit < good.length * Byte.SIZE; bit++) {
        assertThat(isValid(AnnouncementHostileTest.flipped(good, bit), message, gmk)).isFalse();
      }
    }
  }

  private static boolean isValid(
      byte[] receipt, UnverifiedGmkDistribution sent, GroupMasterKey gmk) {
    try {
      return GmkReceipt.read(receipt).isValid(sent, gmk);
    } catch (MalformedMessage _) {
      return false;
    }
  }
}
