package parley.keys.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
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
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.secret.SecretBytes;

/// The rules of an I_MESSAGE's receiver, one by one, under both formats of identifiers.
@ParameterizedClass
@EnumSource
class GmkReceiverTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final NtpTimestamp T = NtpTimestamp.of(NOW);
  private static final NtpTimestamp LATER = NtpTimestamp.of(NOW.plusSeconds(1));
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity MALLORY = new Identity("sip:mallory@example.org");
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity WATER = new Identity("sip:water@example.org");
  private static final Identity CHIEF = new Identity("sip:chief@example.org");

  @Parameter UserIdFormat format = UserIdFormat.RFC_6509;

  @TempDir Path directory;
  private final FakeClock clock = new FakeClock(NOW);
  private TestVault own;
  private Member member;

  private TestKms home() {
    return format == UserIdFormat.RFC_6509 ? TestKms.HOME : TestKms.HASHED;
  }

  private TestKms foreign() {
    return format == UserIdFormat.RFC_6509 ? TestKms.FOREIGN : TestKms.HASHED_FOREIGN;
  }

  private TestKms twin() {
    return format == UserIdFormat.RFC_6509 ? TestKms.TWIN : TestKms.HASHED_TWIN;
  }

  /// The period that holds [#NOW].
  private KeyPeriod present() {
    return home().certificate().periodAt(NOW);
  }

  @BeforeEach
  void prepare() throws Exception {
    own = new TestVault(directory, "vault");
    home().enrol(own.vault(), ALICE, NOW);
    member = Member.open(own.vault(), ALICE, clock);
    member.joinGroup(GroupMembership.of(FIRE, "kms.example.org"));
  }

  @AfterEach
  void close() {
    member.close();
    own.close();
  }

  @Test
  void acceptsAndAnswers() throws Exception {
    byte[] message = message(T, gmk(1));
    Accepted accepted = accepted(message);
    assertThat(accepted.isCurrent()).isTrue();
    assertThat(accepted.gmk().gmkId()).isEqualTo(1);
    assertThat(accepted.gmk().key()).isEqualTo(gmk(1).key());
    assertThat(member.sendingGmk(FIRE)).containsSame(accepted.gmk());
    assertThat(
            GmkReceipt.read(accepted.receipt())
                .isValid(UnverifiedGmkDistribution.read(message), gmk(1)))
        .isTrue();
    restart();
    assertThat(member.sendingGmk(FIRE).orElseThrow().key()).isEqualTo(gmk(1).key());
  }

  @Test
  void refusesATOverAMinuteAhead() {
    NtpTimestamp edge = NtpTimestamp.of(NOW.plusSeconds(60));
    refuses(message(NtpTimestamp.of(NOW.plusSeconds(61)), gmk(1)), GmkRefusal.T_IN_FUTURE);
    refuses(message(new NtpTimestamp(edge.bits() + 1), gmk(1)), GmkRefusal.T_IN_FUTURE);
    assertThat(accepted(message(edge, gmk(1))).isCurrent()).isTrue();
  }

  /// What is refused for its T does not become the highest T, so nobody can pin a key for years.
  @Test
  void aTFarAheadPinsNothing() throws Exception {
    NtpTimestamp far = NtpTimestamp.of(NOW.plus(Duration.ofDays(3650)));
    refuses(message(far, gmk(1)), GmkRefusal.T_IN_FUTURE);
    restart();
    assertThat(accepted(message(T, gmk(2))).isCurrent()).isTrue();
    assertThat(member.sendingGmk(FIRE).orElseThrow().gmkId()).isEqualTo(2);
  }

  @Test
  void keepsAnOlderOneForDecryptionOnly() throws Exception {
    accepted(message(LATER, gmk(2)));
    Accepted older = accepted(message(T, gmk(1)));
    assertThat(older.isCurrent()).isFalse();
    for (int i = 0; i < 2; i++) {
      assertThat(member.sendingGmk(FIRE).orElseThrow().gmkId()).isEqualTo(2);
      assertThat(member.gmkBook().find(FIRE, 1)).isPresent();
      restart();
    }
  }

  @Test
  void neverSendsUnderALateOneEvenBeforeTheNewerOpens() throws Exception {
    Instant tomorrow = NOW.plus(Duration.ofDays(1));
    accepted(message(LATER, gmk(2, tomorrow, Instant.MAX, false)));
    accepted(message(T, gmk(1)));
    assertThat(member.sendingGmk(FIRE)).isEmpty();
    restart();
    assertThat(member.sendingGmk(FIRE)).isEmpty();
    clock.set(tomorrow);
    assertThat(member.sendingGmk(FIRE).orElseThrow().gmkId()).isEqualTo(2);
  }

  @Test
  void sendsUnderThePresentOneUntilTheNewerOpens() {
    Instant tomorrow = NOW.plus(Duration.ofDays(1));
    accepted(message(T, gmk(1)));
    accepted(message(LATER, gmk(2, tomorrow, Instant.MAX, false)));
    assertThat(member.sendingGmk(FIRE).orElseThrow().gmkId()).isEqualTo(1);
    clock.set(tomorrow);
    assertThat(member.sendingGmk(FIRE).orElseThrow().gmkId()).isEqualTo(2);
  }

  @Test
  void refusesTheSameTWithOtherOctets() throws Exception {
    accepted(message(T, gmk(1)));
    refuses(message(T, gmk(2)), GmkRefusal.SAME_T_OTHER_OCTETS);
    refuses(message(T, gmk(1)), GmkRefusal.SAME_T_OTHER_OCTETS);
    accepted(message(LATER, gmk(3)));
    restart();
    refuses(message(T, gmk(2)), GmkRefusal.SAME_T_OTHER_OCTETS);
    refuses(message(LATER, gmk(2)), GmkRefusal.SAME_T_OTHER_OCTETS);
  }

  @Test
  void answersARepeatAgainAlsoAfterARestart() throws Exception {
    byte[] message = message(T, gmk(1));
    byte[] receipt = accepted(message).receipt();
    accepted(message(LATER, gmk(2)));
    for (int i = 0; i < 2; i++) {
      long before = own.vault().counter();
      GmkAcceptance again = member.accept(message);
      assertThat(again).isInstanceOf(Repeated.class);
      assertThat(((Repeated) again).receipt()).isEqualTo(receipt);
      assertThat(own.vault().counter()).isEqualTo(before);
      assertThat(member.sendingGmk(FIRE).orElseThrow().gmkId()).isEqualTo(2);
      restart();
    }
  }

  @Test
  void takesTheSignerFromItsOwnList() throws Exception {
    // a member signs, and says so, or says it is the group
    refuses(message(MALLORY, home().signer(MALLORY, NOW)), GmkRefusal.UNKNOWN_SENDER);
    refuses(message(FIRE, home().signer(MALLORY, NOW)), GmkRefusal.BAD_SIGNATURE);
    // another group's manager, also one whose group we are in
    refuses(message(FIRE, home().signer(WATER, NOW)), GmkRefusal.BAD_SIGNATURE);
    refuses(message(WATER, home().signer(WATER, NOW)), GmkRefusal.UNKNOWN_SENDER);
    member.joinGroup(GroupMembership.of(WATER, "kms.example.org"));
    refuses(message(WATER, home().signer(WATER, NOW)), GmkRefusal.BAD_KEY_DATA);
    // the same URI in another KMS's domain, under its own name and under ours
    EccsiSigner elsewhere = foreign().signer(FIRE, NOW);
    member.trust(foreign().certificate());
    refuses(message(foreign(), FIRE, elsewhere), GmkRefusal.UNKNOWN_KMS);
    refuses(message(FIRE, elsewhere), GmkRefusal.BAD_SIGNATURE);
    refuses(message(twin(), FIRE, twin().signer(FIRE, NOW)), GmkRefusal.BAD_SIGNATURE);
    // the right signer's key of another period
    Instant next = present().until();
    refuses(message(FIRE, home().signer(FIRE, next)), GmkRefusal.BAD_SIGNATURE);
  }

  @Test
  void followsAManagerIdentity() throws Exception {
    member.joinGroup(new GroupMembership(FIRE, CHIEF, "kms.example.org"));
    member.joinGroup(new GroupMembership(WATER, CHIEF, "kms.example.org"));
    EccsiSigner chief = home().signer(CHIEF, NOW);
    refuses(message(T, gmk(1)), GmkRefusal.UNKNOWN_SENDER);
    assertThat(accepted(sealed(FIRE, CHIEF, chief, T, gmk(1))).gmk().group()).isEqualTo(FIRE);
    GroupMasterKey water = gmk(WATER, 1, NOW, Instant.MAX, false);
    assertThat(accepted(sealed(WATER, CHIEF, chief, T, water)).gmk().group()).isEqualTo(WATER);
  }

  @Test
  void refusesAGmkThatIsOver() {
    Instant past = NOW.minus(Duration.ofDays(2));
    refuses(message(T, gmk(1, past, NOW, false)), GmkRefusal.EXPIRED);
    assertThat(accepted(message(T, gmk(1, past, NOW.plusSeconds(1), false))).isCurrent()).isTrue();
    clock.pass(Duration.ofSeconds(1));
    assertThat(member.sendingGmk(FIRE)).isEmpty();
  }

  @Test
  void stopsUsingARevokedGmk() throws Exception {
    accepted(message(T, gmk(1)));
    Accepted revoked = accepted(message(LATER, gmk(1, NOW, Instant.MAX, true)));
    assertThat(revoked.isCurrent()).isFalse();
    assertThat(member.sendingGmk(FIRE)).isEmpty();
    restart();
    assertThat(member.sendingGmk(FIRE)).isEmpty();
    assertThat(member.gmkBook().find(FIRE, 1).orElseThrow().isRevoked()).isTrue();
  }

  @Test
  void refusesAnotherKeyUnderAnIdItHolds() {
    accepted(message(T, gmk(1)));
    var other = SecretBytes.random(16, Secrets.RANDOM, "GMK");
    refuses(
        message(LATER, GroupMasterKey.of(FIRE, 1, other, LATER, NOW, Instant.MAX, false)),
        GmkRefusal.ID_COLLISION);
  }

  @Test
  void refusesWhatIsForSomebodyElse() {
    byte[] message =
        GmkDistribution.seal(
            GmkOffer.of(MALLORY, gmk(1)),
            home().signer(FIRE, NOW),
            home().certificate(),
            T,
            Secrets.RANDOM);
    refuses(message, GmkRefusal.NOT_FOR_US);
  }

  @Test
  void letsTAloneDecideThePeriod() {
    Instant before = present().from().minus(Duration.ofHours(12));
    byte[] ofTheLast = message(NtpTimestamp.of(before), gmk(1));
    clock.set(present().from().plus(Duration.ofDays(2)));
    refuses(ofTheLast, GmkRefusal.PERIOD_NOT_ACCEPTABLE);
    clock.set(present().from().plus(Duration.ofDays(2)).minusNanos(1));
    refuses(ofTheLast, GmkRefusal.KEYS_MISSING);
    home().enrol(own.vault(), ALICE, before);
    assertThat(accepted(ofTheLast).isCurrent()).isTrue();
  }

  @Test
  void usesNothingThatItCouldNotStore() throws Exception {
    own.block();
    byte[] message = message(T, gmk(1));
    refuses(message, GmkRefusal.NOT_STORED);
    own.unblock();
    assertThat(accepted(message).isCurrent()).isTrue();
  }

  @Test
  void noticesAVaultThatWasSetBackWhereItCan() throws Exception {
    byte[] first = message(T, gmk(1));
    accepted(first);
    byte[] oldVault = Files.readAllBytes(own.file());
    byte[] oldMark = Files.readAllBytes(directory.resolve("vault.lock"));
    byte[] second = message(LATER, gmk(2));
    accepted(second);
    member.close();
    own.close();
    Files.write(own.file(), oldVault);
    assertThatThrownBy(() -> own.reopen()).hasMessageContaining("is an older copy");
    // both files set back: not noticed, and the newer GMK is accepted anew, as the class says
    Files.write(directory.resolve("vault.lock"), oldMark);
    member = Member.open(own.reopen(), ALICE, clock);
    assertThat(member.sendingGmk(FIRE).orElseThrow().gmkId()).isEqualTo(1);
    assertThat(accepted(second).isCurrent()).isTrue();
  }

  @Test
  void refusesEveryCutAndAFlipInEveryOctet() {
    byte[] good = message(T, gmk(1));
    for (int length = 0; length < good.length; length++) {
      refuses(Arrays.copyOf(good, length), GmkRefusal.MALFORMED);
    }
    refuses(Arrays.copyOf(good, good.length + 1), GmkRefusal.MALFORMED);
    for (int at = 0; at < good.length; at++) {
      byte[] flipped = good.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      refuses(flipped, null);
    }
    assertThat(accepted(good).isCurrent()).isTrue();
  }

  private Accepted accepted(byte[] message) {
    GmkAcceptance acceptance = member.accept(message);
    assertThat(acceptance).isInstanceOf(Accepted.class);
    return (Accepted) acceptance;
  }

  /// Refused for this reason, or for any where it is null; and nothing has changed.
  private void refuses(byte[] message, @Nullable GmkRefusal reason) {
    long before = own.vault().counter();
    int known = member.gmkBook().all(FIRE).size();
    GmkAcceptance acceptance = member.accept(message);
    assertThat(acceptance).isInstanceOf(Refused.class);
    if (reason != null) {
      assertThat(((Refused) acceptance).reason()).isEqualTo(reason);
    }
    assertThat(own.vault().counter()).isEqualTo(before);
    assertThat(member.gmkBook().all(FIRE)).hasSize(known);
  }

  private void restart() throws Exception {
    member.close();
    member = Member.open(own.reopen(), ALICE, clock);
  }

  /// A good message of the group's manager.
  private byte[] message(NtpTimestamp t, GroupMasterKey gmk) {
    return sealed(FIRE, FIRE, home().signer(FIRE, t.toInstant()), t, gmk);
  }

  /// A message that says it is from `claimed` and is signed by `signer`.
  private byte[] message(Identity claimed, EccsiSigner signer) {
    return sealed(FIRE, claimed, signer, T, gmk(1));
  }

  private byte[] message(TestKms kms, Identity claimed, EccsiSigner signer) {
    var offer = new GmkOffer(FIRE, claimed, ALICE, gmk(1));
    return GmkDistribution.seal(offer, signer, kms.certificate(), T, Secrets.RANDOM);
  }

  private byte[] sealed(
      Identity group, Identity claimed, EccsiSigner signer, NtpTimestamp t, GroupMasterKey gmk) {
    var offer = new GmkOffer(group, claimed, ALICE, gmk);
    return GmkDistribution.seal(offer, signer, home().certificate(), t, Secrets.RANDOM);
  }

  private static GroupMasterKey gmk(int gmkId) {
    return gmk(gmkId, NOW.minus(Duration.ofDays(60)), Instant.MAX, false);
  }

  private static GroupMasterKey gmk(int id, Instant from, Instant until, boolean revoked) {
    return gmk(FIRE, id, from, until, revoked);
  }

  /// The key's octets follow from its id.
  private static GroupMasterKey gmk(
      Identity group, int gmkId, Instant from, Instant until, boolean revoked) {
    byte[] key = new byte[16];
    Arrays.fill(key, (byte) (0x40 + gmkId));
    return GroupMasterKey.of(group, gmkId, SecretBytes.take(key, "GMK"), T, from, until, revoked);
  }
}
