package parley.keys.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.keys.TestVault;
import parley.keys.manager.MemberListVerdict.Known;
import parley.keys.manager.MemberListVerdict.Reason;
import parley.keys.manager.MemberListVerdict.Refused;
import parley.keys.manager.MemberListVerdict.Taken;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;

/// The list that a manager signs is taken by its members, and nothing else is.
class SignedMemberListTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity WATER = new Identity("sip:water@example.org");
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity BOB = new Identity("sip:bob@example.org");
  private static final MemberList MEMBERS =
      MemberList.of(
          List.of(
              GroupMember.of(BOB, Permission.MANAGE, Permission.TALK),
              GroupMember.of(ALICE, Permission.LISTEN)));

  @TempDir Path directory;
  private final FakeClock clock = new FakeClock(NOW);
  private TestVault own;
  private TestVault alices;
  private GroupManager manager;
  private Member alice;
  private MemberListKeeper keeper;

  @BeforeEach
  void prepare() throws Exception {
    own = new TestVault(directory, "manager");
    alices = new TestVault(directory, "alice");
    TestKms.HOME.enrol(own.vault(), FIRE, NOW);
    TestKms.HOME.enrol(alices.vault(), ALICE, NOW);
    manager =
        GroupManager.create(own.vault(), GroupSettings.of(FIRE), MEMBERS, clock, Secrets.RANDOM);
    openAlice();
    alice.joinGroup(GroupMembership.of(FIRE, "kms.example.org"));
  }

  private void openAlice() throws Exception {
    alice = Member.open(alices.vault(), ALICE, clock);
    keeper = new MemberListKeeper(alices.vault(), alice, clock);
  }

  @AfterEach
  void close() {
    alice.close();
    manager.close();
    alices.close();
    own.close();
  }

  private byte[] signed() throws Exception {
    return manager.signedMembers().octets();
  }

  private Reason refusal(byte[] octets) throws Exception {
    assertThat(keeper.take(FIRE, octets)).isInstanceOf(Refused.class);
    return ((Refused) keeper.take(FIRE, octets)).reason();
  }

  private static byte[] forged(Identity signer, Identity group, NtpTimestamp version, Instant t) {
    return forged(signer, group, version, t, t.plus(Duration.ofDays(7)), MEMBERS);
  }

  private static byte[] forged(
      Identity signer,
      Identity group,
      NtpTimestamp version,
      Instant t,
      Instant notAfter,
      MemberList list) {
    try (EccsiSigner as = TestKms.HOME.signer(signer, t)) {
      return UnverifiedMemberList.seal(
              group, version, NtpTimestamp.of(t), notAfter, list, as, Secrets.RANDOM)
          .octets();
    }
  }

  private static NtpTimestamp at(Instant instant) {
    return NtpTimestamp.of(instant);
  }

  @Test
  void isTakenAndHeldAlsoAfterARestart() throws Exception {
    assertThat(keeper.held(FIRE)).isEmpty();
    byte[] list = signed();
    assertThat(keeper.take(FIRE, list)).isInstanceOf(Taken.class);
    assertThat(keeper.take(FIRE, list)).isInstanceOf(Known.class);
    alice.close();
    alices.reopen();
    openAlice();
    HeldMemberList held = keeper.held(FIRE).orElseThrow();
    assertThat(held.members().members()).containsExactlyInAnyOrderElementsOf(MEMBERS.members());
    assertThat(held.isInForce(NOW)).isTrue();
    assertThat(held.isInForce(NOW.plus(Duration.ofDays(7)))).isFalse();
  }

  @Test
  void anOlderOneIsNeverTakenAgain() throws Exception {
    byte[] before = signed();
    manager.replaceMembers(MEMBERS.without(BOB));
    byte[] after = signed();
    assertThat(keeper.take(FIRE, after)).isInstanceOf(Taken.class);
    assertThat(refusal(before)).isEqualTo(Reason.OLDER);
    alice.close();
    alices.reopen();
    openAlice();
    assertThat(refusal(before)).isEqualTo(Reason.OLDER);
    assertThat(keeper.held(FIRE).orElseThrow().members().find(BOB)).isEmpty();
  }

  @Test
  void everyFlippedBitIsNoticed() throws Exception {
    byte[] list = signed();
    for (int bit = 0; bit < list.length * 8; bit++) {
      byte[] flipped = list.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(keeper.take(FIRE, flipped)).as("bit " + bit).isInstanceOf(Refused.class);
    }
    assertThat(keeper.held(FIRE)).isEmpty();
  }

  @Test
  void everyCutAndEveryOctetMoreIsMalformed() throws Exception {
    byte[] list = signed();
    for (int length = 0; length <= list.length + 1; length++) {
      if (length != list.length) {
        assertThat(refusal(Arrays.copyOf(list, length)))
            .as("length " + length)
            .isEqualTo(Reason.MALFORMED);
      }
    }
  }

  @Test
  void nobodyElseSignsForTheGroup() throws Exception {
    assertThat(refusal(forged(WATER, FIRE, at(NOW), NOW))).isEqualTo(Reason.BAD_SIGNATURE);
    assertThat(refusal(forged(ALICE, FIRE, at(NOW), NOW))).isEqualTo(Reason.BAD_SIGNATURE);
    assertThat(refusal(forged(WATER, WATER, at(NOW), NOW))).isEqualTo(Reason.WRONG_GROUP);
    assertThat(keeper.take(WATER, forged(WATER, WATER, at(NOW), NOW)))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.NOT_A_MEMBER));
    assertThat(keeper.take(FIRE, forged(FIRE, FIRE, at(NOW), NOW)))
        .as("what the group's own keys have signed")
        .isInstanceOf(Taken.class);
  }

  @Test
  void aManagersOwnIdentitySignsWhereTheMembershipSaysSo() throws Exception {
    alice.joinGroup(new GroupMembership(FIRE, WATER, "kms.example.org"));
    assertThat(refusal(forged(FIRE, FIRE, at(NOW), NOW))).isEqualTo(Reason.BAD_SIGNATURE);
    assertThat(keeper.take(FIRE, forged(WATER, FIRE, at(NOW), NOW))).isInstanceOf(Taken.class);
  }

  @Test
  void isOfItsTime() throws Exception {
    Instant early = NOW.plusSeconds(61);
    assertThat(refusal(forged(FIRE, FIRE, at(NOW), early))).isEqualTo(Reason.T_IN_FUTURE);
    Instant week = NOW.minus(Duration.ofDays(7));
    assertThat(refusal(forged(FIRE, FIRE, at(week), week))).isEqualTo(Reason.NOT_IN_FORCE);
    Instant ever = NOW.plus(Duration.ofDays(32));
    assertThat(refusal(forged(FIRE, FIRE, at(NOW), NOW, ever, MEMBERS)))
        .isEqualTo(Reason.NOT_IN_FORCE);
    Instant lastMonth = Instant.parse("2026-10-30T12:00:00Z");
    assertThat(refusal(forged(FIRE, FIRE, at(lastMonth), lastMonth, NOW.plusSeconds(60), MEMBERS)))
        .isEqualTo(Reason.PERIOD_NOT_ACCEPTABLE);
  }

  @Test
  void oneVersionSaysOneThing() throws Exception {
    assertThat(keeper.take(FIRE, signed())).isInstanceOf(Taken.class);
    byte[] other =
        forged(
            FIRE,
            FIRE,
            manager.signedMembers().version(),
            NOW.plusSeconds(1),
            NOW.plusSeconds(60),
            MEMBERS.without(BOB));
    assertThat(refusal(other)).isEqualTo(Reason.CONTRADICTION);
  }

  @Test
  void isSignedAnewWhenItIsADayOld() throws Exception {
    byte[] first = signed();
    assertThat(signed()).isEqualTo(first);
    assertThat(keeper.take(FIRE, first)).isInstanceOf(Taken.class);
    clock.pass(Duration.ofDays(1));
    UnverifiedMemberList second = manager.signedMembers();
    assertThat(second.version()).isEqualTo(UnverifiedMemberList.read(first).version());
    assertThat(second.timestamp().toInstant()).isEqualTo(clock.instant());
    assertThat(keeper.take(FIRE, second.octets())).isInstanceOf(Taken.class);
  }

  @Test
  void theVersionRisesAlsoOverRestartAndDissolution() throws Exception {
    NtpTimestamp first = manager.signedMembers().version();
    manager.replaceMembers(MEMBERS.without(BOB));
    NtpTimestamp second = manager.signedMembers().version();
    assertThat(second).as("though no time has passed").isGreaterThan(first);
    var _ = manager.newGmk(NOW, Instant.MAX);
    manager.dissolve();
    manager.close();
    manager =
        GroupManager.create(own.reopen(), GroupSettings.of(FIRE), MEMBERS, clock, Secrets.RANDOM);
    NtpTimestamp third = manager.signedMembers().version();
    assertThat(third).isGreaterThan(second);
    manager.close();
    manager = GroupManager.open(own.reopen(), FIRE, clock, Secrets.RANDOM);
    assertThat(manager.signedMembers().version()).isEqualTo(third);
  }

  @Test
  void hasOneForm() throws Exception {
    byte[] list = signed();
    UnverifiedMemberList read = UnverifiedMemberList.read(list);
    assertThat(read.list().members())
        .extracting(GroupMember::identity)
        .as("in the order of their URIs")
        .containsExactly(ALICE, BOB);
    assertThat(read.octets()).isEqualTo(list);
    byte[] swapped = list.clone();
    // both URIs differ in their letters alone
    int alicesPlace = 8 + 3 * 8 + 1 + FIRE.uri().length() + 4 + 1;
    System.arraycopy(
        "sip:zlice@example.org".getBytes(StandardCharsets.US_ASCII), 0, swapped, alicesPlace, 21);
    assertThatThrownBy(() -> UnverifiedMemberList.read(swapped))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining("rising order");
  }
}
