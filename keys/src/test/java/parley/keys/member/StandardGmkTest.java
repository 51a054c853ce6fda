package parley.keys.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.keys.TestVault;
import parley.keys.member.GmkAcceptance.Accepted;
import parley.keys.member.GmkAcceptance.Refused;
import parley.keys.member.GmkAcceptance.Repeated;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.GmkDistribution;
import parley.mikey.group.GmkOffer;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.IdType;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.secret.SecretBytes;

/// A GMK as a manager of TS 33.180 sends it, by hashes instead of names: a member of such a KMS
/// takes it by the same rules, computed of its own list.
class StandardGmkTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final NtpTimestamp T = NtpTimestamp.of(NOW);
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity BOB = new Identity("sip:bob@example.org");
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity WATER = new Identity("sip:water@example.org");

  @TempDir Path directory;
  private final FakeClock clock = new FakeClock(NOW);
  private final List<GroupMasterKey> made = new ArrayList<>();
  private TestVault own;
  private Member member;

  @BeforeEach
  void prepare() throws Exception {
    own = new TestVault(directory, "vault");
    TestKms.HASHED.enrol(own.vault(), ALICE, NOW);
    member = Member.open(own.vault(), ALICE, clock);
    member.joinGroup(GroupMembership.of(FIRE, "kms.example.org"));
  }

  @AfterEach
  void close() {
    member.close();
    own.close();
    made.forEach(GroupMasterKey::close);
  }

  /// Our own message, which is then changed.
  private byte[] profile(NtpTimestamp t, Identity to, TestKms kms) {
    GroupMasterKey gmk =
        GroupMasterKey.of(
            FIRE,
            7,
            SecretBytes.take(new byte[16], "GMK"),
            t,
            NOW,
            NOW.plus(Duration.ofDays(1)),
            false);
    made.add(gmk);
    try (EccsiSigner signer = kms.signer(FIRE, NOW)) {
      return GmkDistribution.seal(
          GmkOffer.of(to, gmk), signer, kms.certificate(), t, Secrets.RANDOM);
    }
  }

  private static Payload.Idr uid(IdrRole role, Identity who) {
    byte[] uid = TestKms.HASHED.certificate().identifier(who, T);
    return new Payload.Idr(role, IdType.URI, Octets.of(uid));
  }

  private static Payload.Idr uri(IdrRole role, Identity who) {
    return new Payload.Idr(role, IdType.URI, Octets.of(who.octets()));
  }

  /// The same with these instead of the URIs, in another order, signed as `signer`.
  private static byte[] changed(byte[] profile, Identity signer, Payload... parties)
      throws Exception {
    MikeyMessage message = MikeyReader.read(profile);
    var payloads = new ArrayList<Payload>();
    for (Payload payload : message.payloads()) {
      boolean isParty =
          payload instanceof Payload.Idr idr
              && (idr.role() == IdrRole.INITIATOR || idr.role() == IdrRole.RESPONDER);
      if (!isParty) {
        payloads.add(payload);
      }
    }
    payloads.addAll(payloads.size() - 1, List.of(parties));
    return signed(new MikeyMessage(message.header(), payloads), signer);
  }

  private static byte[] signed(MikeyMessage message, Identity signer) {
    byte[] octets = MikeyWriter.write(message);
    int signedOctets = octets.length - EccsiSigner.SIGNATURE_OCTETS;
    try (EccsiSigner by = TestKms.HASHED.signer(signer, NOW)) {
      byte[] signature = by.sign(octets, 0, signedOctets, Secrets.RANDOM);
      System.arraycopy(signature, 0, octets, signedOctets, signature.length);
    }
    return octets;
  }

  private byte[] byUids(NtpTimestamp t) throws Exception {
    return changed(
        profile(t, ALICE, TestKms.HASHED),
        FIRE,
        uid(IdrRole.RESPONDER_UID, ALICE),
        uid(IdrRole.INITIATOR_UID, FIRE));
  }

  @Test
  void isTakenByHashesAlone() throws Exception {
    byte[] message = byUids(T);
    Accepted accepted = (Accepted) member.accept(message);
    assertThat(accepted.isCurrent()).isTrue();
    assertThat(accepted.gmk().gmkId()).isEqualTo(7);
    assertThat(accepted.gmk().group()).isEqualTo(FIRE);
    assertThat(accepted.gmk().expiry()).isEqualTo(NOW.plus(Duration.ofDays(1)));
    assertThat(member.accept(message)).isInstanceOf(Repeated.class);
    member.close();
    member = Member.open(own.reopen(), ALICE, clock);
    assertThat(member.sendingGmk(FIRE).orElseThrow().gmkId()).isEqualTo(7);
    assertThat(member.accept(message)).isInstanceOf(Repeated.class);
  }

  @Test
  void isTakenByHashesBesideNames() throws Exception {
    byte[] message =
        changed(
            profile(T, ALICE, TestKms.HASHED),
            FIRE,
            uid(IdrRole.INITIATOR_UID, FIRE),
            uri(IdrRole.INITIATOR, FIRE),
            uri(IdrRole.RESPONDER, ALICE),
            uid(IdrRole.RESPONDER_UID, ALICE));
    assertThat(member.accept(message)).isInstanceOf(Accepted.class);
  }

  @Test
  void keepsTheRuleOfTheHighestT() throws Exception {
    member.accept(byUids(T));
    refuses(byUids(T), GmkRefusal.SAME_T_OTHER_OCTETS);
    var earlier = new NtpTimestamp(T.bits() - 1);
    assertThat(((Accepted) member.accept(byUids(earlier))).isCurrent()).isFalse();
    refuses(byUids(NtpTimestamp.of(NOW.plusSeconds(61))), GmkRefusal.T_IN_FUTURE);
  }

  @Test
  void isRefusedFromWhoIsNotTheGroupsSigner() throws Exception {
    byte[] profile = profile(T, ALICE, TestKms.HASHED);
    Payload.Idr toAlice = uid(IdrRole.RESPONDER_UID, ALICE);
    refuses(
        changed(profile, BOB, toAlice, uid(IdrRole.INITIATOR_UID, FIRE)), GmkRefusal.BAD_SIGNATURE);
    refuses(
        changed(profile, WATER, toAlice, uid(IdrRole.INITIATOR_UID, WATER)),
        GmkRefusal.UNKNOWN_SENDER);
    refuses(
        changed(
            profile, BOB, toAlice, uid(IdrRole.INITIATOR_UID, BOB), uri(IdrRole.INITIATOR, FIRE)),
        GmkRefusal.UNKNOWN_SENDER);
    member.invitedBy(InvitationPolicy.ASK_ALWAYS);
    refuses(
        changed(profile, WATER, toAlice, uid(IdrRole.INITIATOR_UID, WATER)),
        GmkRefusal.UNKNOWN_SENDER);
    assertThat(member.invitations()).as("a hash invites nobody").isEmpty();
  }

  @Test
  void isRefusedWhenItIsForAnother() throws Exception {
    refuses(
        changed(
            profile(T, BOB, TestKms.HASHED),
            FIRE,
            uid(IdrRole.RESPONDER_UID, BOB),
            uid(IdrRole.INITIATOR_UID, FIRE)),
        GmkRefusal.NOT_FOR_US);
    refuses(
        changed(
            profile(T, BOB, TestKms.HASHED),
            FIRE,
            uid(IdrRole.RESPONDER_UID, ALICE),
            uid(IdrRole.INITIATOR_UID, FIRE)),
        GmkRefusal.BAD_KEY_DATA);
  }

  @Test
  void isRefusedWithoutAPeriodOfUse() throws Exception {
    MikeyMessage message = MikeyReader.read(byUids(T));
    var payloads = new ArrayList<>(message.payloads());
    payloads.removeIf(Payload.GeneralExtension.class::isInstance);
    refuses(signed(new MikeyMessage(message.header(), payloads), FIRE), GmkRefusal.BAD_KEY_DATA);
  }

  @Test
  void isNoMessageForAMemberOfAnotherKindOfKms() throws Exception {
    try (TestVault vault = new TestVault(directory, "monthly")) {
      TestKms.HOME.enrol(vault.vault(), ALICE, NOW);
      try (Member monthly = Member.open(vault.vault(), ALICE, clock)) {
        monthly.joinGroup(GroupMembership.of(FIRE, "kms.example.org"));
        assertThat(((Refused) monthly.accept(byUids(T))).reason()).isEqualTo(GmkRefusal.MALFORMED);
      }
    }
  }

  private void refuses(byte[] message, GmkRefusal reason) {
    assertThat(member.accept(message))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    assertThat(member.gmkBook().all(WATER)).isEmpty();
  }
}
