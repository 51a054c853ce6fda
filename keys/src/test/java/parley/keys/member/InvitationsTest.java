package parley.keys.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.keys.TestVault;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
import parley.keys.manager.GroupSettings;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.keys.member.GmkAcceptance.Accepted;
import parley.keys.member.GmkAcceptance.Invited;
import parley.keys.member.GmkAcceptance.Refused;
import parley.keys.member.GmkAcceptance.Repeated;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.GmkDistribution;
import parley.mikey.group.GmkOffer;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;

/// An ad-hoc group is joined by the user's word or by policy only, and what the user is asked about
/// is the creator's verified identity.
class InvitationsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity BOB = new Identity("sip:bob@example.org");

  @TempDir Path directory;
  private final FakeClock clock = new FakeClock(NOW);
  private TestVault alices;
  private TestVault bobs;
  private GroupManager group;
  private Member bob;

  @BeforeEach
  void prepare() throws Exception {
    alices = new TestVault(directory, "alice");
    bobs = new TestVault(directory, "bob");
    TestKms.HOME.enrol(alices.vault(), ALICE, NOW);
    TestKms.HOME.enrol(bobs.vault(), BOB, NOW);
    group =
        GroupManager.create(
            alices.vault(),
            GroupSettings.of(ALICE),
            MemberList.of(List.of(GroupMember.of(BOB, Permission.TALK, Permission.LISTEN))),
            clock,
            Secrets.RANDOM);
    bob = Member.open(bobs.vault(), BOB, clock);
    bob.invitedBy(InvitationPolicy.ASK_ALWAYS);
  }

  @AfterEach
  void close() {
    bob.close();
    group.close();
    alices.close();
    bobs.close();
  }

  private void restart() throws Exception {
    bob.close();
    bob = Member.open(bobs.reopen(), BOB, clock);
    bob.invitedBy(InvitationPolicy.ASK_ALWAYS);
  }

  /// A new GMK of Alice's group, as it comes to Bob.
  private byte[] invitation() throws Exception {
    GroupMasterKey gmk = group.newGmk(clock.instant(), NOW.plus(Duration.ofDays(1)));
    return group.distribute(gmk, clock.instant()).getFirst().octets();
  }

  @Test
  void waitsForTheUserAlsoOverARestart() throws Exception {
    byte[] octets = invitation();
    assertThat(bob.accept(octets)).isInstanceOf(Invited.class);
    assertThat(bob.accept(octets)).as("a repeat").isInstanceOf(Invited.class);
    assertThat(bob.gmkBook().all(ALICE)).isEmpty();
    assertThat(bob.groups()).isEmpty();
    restart();
    assertThat(bob.invitations())
        .containsExactly(
            new Invitation(ALICE, "kms.example.org", group.gmks().getFirst().issued(), NOW));
    Accepted accepted = (Accepted) bob.acceptInvitation(ALICE).orElseThrow();
    assertThat(group.confirm(accepted.receipt())).isTrue();
    assertThat(bob.sendingGmk(ALICE)).isPresent();
    assertThat(bob.invitations()).isEmpty();
    assertThat(bob.acceptInvitation(ALICE)).isEmpty();
    assertThat(bob.accept(octets)).isInstanceOf(Repeated.class);
    restart();
    assertThat(bob.sendingGmk(ALICE)).isPresent();
    clock.pass(Duration.ofMinutes(1));
    assertThat(bob.accept(invitation())).as("a re-key asks no more").isInstanceOf(Accepted.class);
  }

  @Test
  void isRefusedUnlessTheMemberTakesInvitations() throws Exception {
    bob.invitedBy(InvitationPolicy.REFUSE_ALL);
    assertRefused(bob.accept(invitation()), GmkRefusal.UNKNOWN_SENDER);
    try (Member fresh = Member.open(bobs.vault(), BOB, clock)) {
      assertRefused(fresh.accept(invitation()), GmkRefusal.UNKNOWN_SENDER);
    }
  }

  @Test
  void isAcceptedByPolicy() throws Exception {
    bob.invitedBy(InvitationPolicy.accepting(List.of("sip:*@example.org")));
    Accepted accepted = (Accepted) bob.accept(invitation());
    assertThat(accepted.gmk().group()).isEqualTo(ALICE);
    assertThat(bob.groups()).containsExactly(ALICE);
    assertThat(bob.invitations()).isEmpty();
  }

  @Test
  void aPolicyNamesWholeIdentities() {
    InvitationPolicy policy =
        InvitationPolicy.accepting(List.of("sip:carol@example.org", "sip:*@fire.example.org"));
    assertThat(policy.to(new Identity("sip:carol@example.org")))
        .isEqualTo(InvitationPolicy.Answer.ACCEPT);
    assertThat(policy.to(new Identity("sip:anybody@fire.example.org")))
        .isEqualTo(InvitationPolicy.Answer.ACCEPT);
    for (String other :
        List.of(
            "sip:carol@example.org.evil.org",
            "sip:xcarol@example.org",
            "sip:x@not-fire.example.org",
            "sips:x@fire.example.org",
            "tel:+4470000")) {
      assertThat(policy.to(new Identity(other))).isEqualTo(InvitationPolicy.Answer.ASK);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InvitationPolicy.accepting(List.of("carol")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InvitationPolicy.accepting(List.of("sip:*")));
  }

  @Test
  void aDeclinedOneIsNotShownAgainAndANewOneIs() throws Exception {
    byte[] octets = invitation();
    bob.accept(octets);
    assertThat(bob.declineInvitation(ALICE)).isTrue();
    assertThat(bob.declineInvitation(ALICE)).isFalse();
    restart();
    assertThat(bob.invitations()).isEmpty();
    assertRefused(bob.accept(octets), GmkRefusal.DECLINED);
    clock.pass(Duration.ofMinutes(1));
    byte[] newer = invitation();
    assertThat(bob.accept(newer)).isInstanceOf(Invited.class);
    assertRefused(bob.accept(octets), GmkRefusal.DECLINED);
    assertThat(bob.acceptInvitation(ALICE).orElseThrow()).isInstanceOf(Accepted.class);
  }

  /// Another member, or another KMS's user of the same name, cannot invite in her name.
  @Test
  void onlyTheCreatorHerselfInvites() throws Exception {
    NtpTimestamp t = NtpTimestamp.of(NOW);
    try (GroupMasterKey gmk = gmk(t);
        EccsiSigner mallory = TestKms.HOME.signer(new Identity("sip:mallory@example.org"), NOW);
        EccsiSigner twin = TestKms.TWIN.signer(ALICE, NOW);
        EccsiSigner foreign = TestKms.FOREIGN.signer(ALICE, NOW);
        EccsiSigner earlier = TestKms.HOME.signer(ALICE, NOW.minus(Duration.ofDays(31)));
        EccsiSigner alice = TestKms.HOME.signer(ALICE, NOW)) {
      GmkOffer offer = GmkOffer.of(BOB, gmk);
      for (EccsiSigner other : List.of(mallory, twin, foreign, earlier)) {
        byte[] forged =
            GmkDistribution.seal(offer, other, TestKms.HOME.certificate(), t, Secrets.RANDOM);
        assertRefused(bob.accept(forged), GmkRefusal.BAD_SIGNATURE);
      }
      byte[] elsewhere =
          GmkDistribution.seal(offer, foreign, TestKms.FOREIGN.certificate(), t, Secrets.RANDOM);
      assertRefused(bob.accept(elsewhere), GmkRefusal.UNKNOWN_KMS);
      byte[] good =
          GmkDistribution.seal(offer, alice, TestKms.HOME.certificate(), t, Secrets.RANDOM);
      assertThat(bob.accept(good)).isInstanceOf(Invited.class);
    }
  }

  private static GroupMasterKey gmk(NtpTimestamp t) {
    return GroupMasterKey.of(
        ALICE,
        7,
        SecretBytes.random(16, Secrets.RANDOM, "GMK"),
        t,
        NOW,
        NOW.plus(Duration.ofHours(1)),
        false);
  }

  @Test
  void keepsALimitedNumberAndDeclinedOnesMakeRoom() throws Exception {
    for (int i = 0; i < 32; i++) {
      assertThat(bob.accept(from(i))).isInstanceOf(Invited.class);
    }
    assertRefused(bob.accept(from(32)), GmkRefusal.TOO_MANY_INVITATIONS);
    assertThat(bob.declineInvitation(new Identity("sip:ue5@example.org"))).isTrue();
    assertThat(bob.accept(from(32))).isInstanceOf(Invited.class);
    restart();
    assertThat(bob.invitations()).hasSize(32);
  }

  private static byte[] from(int i) {
    var creator = new Identity("sip:ue" + i + "@example.org");
    NtpTimestamp t = NtpTimestamp.of(NOW);
    try (GroupMasterKey gmk =
            GroupMasterKey.of(
                creator,
                7,
                SecretBytes.random(16, Secrets.RANDOM, "GMK"),
                t,
                NOW,
                Instant.MAX,
                false);
        EccsiSigner signer = TestKms.HOME.signer(creator, NOW)) {
      return GmkDistribution.seal(
          GmkOffer.of(BOB, gmk), signer, TestKms.HOME.certificate(), t, Secrets.RANDOM);
    }
  }

  @Test
  void aDissolvedGroupTakesItsInvitationBack() throws Exception {
    bob.accept(invitation());
    clock.pass(Duration.ofMinutes(1));
    group.dissolve();
    GmkMessage revocation = group.distribute(group.gmks().getFirst(), clock.instant()).getFirst();
    assertRefused(bob.accept(revocation.octets()), GmkRefusal.DECLINED);
    assertThat(bob.invitations()).isEmpty();
  }

  @Test
  void whoHasLeftIsAskedAgainAndByNoOldMessage() throws Exception {
    byte[] octets = invitation();
    bob.accept(octets);
    bob.acceptInvitation(ALICE);
    assertThat(bob.leaveGroup(ALICE)).isTrue();
    assertThat(bob.leaveGroup(ALICE)).isFalse();
    assertThat(bob.sendingGmk(ALICE)).isEmpty();
    restart();
    assertThat(bob.groups()).isEmpty();
    assertThat(bob.gmkBook().all(ALICE)).isEmpty();
    assertRefused(bob.accept(octets), GmkRefusal.DECLINED);
    clock.pass(Duration.ofMinutes(1));
    assertThat(bob.accept(invitation())).isInstanceOf(Invited.class);
  }

  private static void assertRefused(GmkAcceptance acceptance, GmkRefusal reason) {
    assertThat(acceptance)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }
}
