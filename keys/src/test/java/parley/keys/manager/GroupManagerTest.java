package parley.keys.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.keys.TestVault;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GmkAcceptance.Accepted;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.VaultException;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

class GroupManagerTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant NEXT_MONTH = Instant.parse("2026-12-10T12:00:00Z");
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity CHIEF = new Identity("sip:chief@example.org");
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity BOB = new Identity("sip:bob@example.org");
  private static final Identity CLERK = new Identity("sip:clerk@example.org");
  private static final MemberList MEMBERS =
      MemberList.of(
          List.of(
              GroupMember.of(ALICE, Permission.TALK, Permission.LISTEN),
              GroupMember.of(BOB, Permission.LISTEN),
              GroupMember.of(CLERK, Permission.MANAGE)));

  @TempDir Path directory;
  private final FakeClock clock = new FakeClock(NOW);
  private TestVault own;
  private GroupManager manager;

  @BeforeEach
  void prepare() throws Exception {
    own = new TestVault(directory, "manager");
    TestKms.HOME.enrol(own.vault(), FIRE, NOW);
    manager =
        GroupManager.create(own.vault(), GroupSettings.of(FIRE), MEMBERS, clock, Secrets.RANDOM);
  }

  @AfterEach
  void close() {
    manager.close();
    own.close();
  }

  @Test
  void bringsAGmkToEveryMemberThatNeedsIt() throws Exception {
    GroupMasterKey gmk = manager.newGmk(NOW, NOW.plus(Duration.ofDays(7)));
    Map<Identity, byte[]> messages = messages(gmk);
    assertThat(messages).containsOnlyKeys(ALICE, BOB);
    for (var message : messages.entrySet()) {
      Accepted accepted = accepted(message.getKey(), message.getValue());
      assertThat(accepted.isCurrent()).isTrue();
      assertThat(accepted.gmk().gmkId()).isEqualTo(gmk.gmkId());
      assertThat(accepted.gmk().expiry()).isEqualTo(gmk.expiry());
      assertThat(manager.confirm(accepted.receipt())).isTrue();
    }
    assertThat(messages(gmk)).isEmpty();
  }

  @Test
  void keepsTheDeliveryBoard() throws Exception {
    GroupMasterKey gmk = manager.newGmk(NOW, Instant.MAX);
    byte[] receipt = accepted(ALICE, messageTo(ALICE, gmk)).receipt();
    clock.pass(Duration.ofSeconds(5));
    assertThat(manager.confirm(receipt)).isTrue();
    assertThat(manager.confirm(receipt)).isTrue();
    for (int i = 0; i < 2; i++) {
      assertThat(manager.deliveries())
          .containsExactlyInAnyOrder(
              new Delivery(ALICE, gmk.gmkId(), Delivery.State.CONFIRMED, NOW.plusSeconds(5)),
              new Delivery(BOB, gmk.gmkId(), Delivery.State.PENDING, NOW));
      assertThat(messages(gmk)).containsOnlyKeys(BOB);
      restart();
    }
  }

  @Test
  void believesNoOtherReceipt() throws Exception {
    GroupMasterKey gmk = manager.newGmk(NOW, Instant.MAX);
    byte[] message = messageTo(ALICE, gmk);
    byte[] receipt = accepted(ALICE, message).receipt();
    for (int at = 0; at < receipt.length; at++) {
      byte[] flipped = receipt.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      assertThat(manager.confirm(flipped)).isFalse();
    }
    assertThat(manager.confirm(message)).isFalse();
    assertThat(manager.confirm(new byte[0])).isFalse();
    assertThat(manager.deliveries())
        .allMatch(delivery -> delivery.state() == Delivery.State.PENDING);
  }

  @Test
  void repeatsTheSameOctetsAlsoAfterARestart() throws Exception {
    GroupMasterKey gmk = manager.newGmk(NOW, Instant.MAX);
    byte[] first = messageTo(ALICE, gmk);
    assertThat(messageTo(ALICE, gmk)).isEqualTo(first);
    restart();
    GroupMasterKey same = manager.gmks().getFirst();
    assertThat(same.gmkId()).isEqualTo(gmk.gmkId());
    assertThat(messageTo(ALICE, same)).isEqualTo(first);
  }

  @Test
  void neverRepeatsAT() throws Exception {
    NtpTimestamp last = manager.newGmk(NOW, Instant.MAX).issued();
    for (int i = 0; i < 4; i++) {
      NtpTimestamp next = manager.newGmk(NOW, Instant.MAX).issued();
      assertThat(next).isGreaterThan(last);
      last = next;
      clock.set(NOW.minusSeconds(i)); // a clock that is set back
      restart();
    }
  }

  @Test
  void excludesByANewGmkForTheRest() throws Exception {
    Instant expiry = NOW.plus(Duration.ofDays(7));
    GroupMasterKey old = manager.newGmk(NOW, expiry);
    accepted(ALICE, messageTo(ALICE, old));
    clock.pass(Duration.ofHours(1));
    GroupMasterKey next = manager.exclude(BOB);
    assertThat(next.issued()).isGreaterThan(old.issued());
    assertThat(next.activation()).isEqualTo(clock.instant());
    assertThat(next.expiry()).isEqualTo(expiry);
    assertThat(next.gmkId()).isNotEqualTo(old.gmkId());
    assertThat(messages(next)).containsOnlyKeys(ALICE);
    assertThat(messages(old)).as("a newer one has replaced it").isEmpty();
    assertThat(accepted(ALICE, messageTo(ALICE, next)).isCurrent()).isTrue();
    restart();
    assertThat(manager.members().find(BOB)).isEmpty();
    assertThat(manager.gmks()).first().extracting(GroupMasterKey::gmkId).isEqualTo(next.gmkId());
    assertThatIllegalArgumentException().isThrownBy(() -> manager.exclude(BOB));
  }

  @Test
  void offersANewcomerTheNewestGmkOnly() throws Exception {
    GroupMasterKey old = manager.newGmk(NOW, Instant.MAX);
    messages(old);
    GroupMasterKey newest = manager.newGmk(NOW, Instant.MAX);
    messages(newest);
    var carol = new Identity("sip:carol@example.org");
    manager.replaceMembers(MEMBERS.with(GroupMember.of(carol, Permission.LISTEN)));
    assertThat(messages(old)).doesNotContainKey(carol);
    assertThat(messages(newest)).containsKeys(carol, ALICE, BOB);
    manager.replaceMembers(MEMBERS);
    assertThat(messages(newest)).containsOnlyKeys(ALICE, BOB);
  }

  @Test
  void givesANewcomerOfALaterMonthATOfItsOwn() throws Exception {
    GroupMasterKey gmk = manager.newGmk(NOW, Instant.MAX);
    messages(gmk);
    clock.set(NEXT_MONTH);
    var carol = new Identity("sip:carol@example.org");
    manager.replaceMembers(MEMBERS.with(GroupMember.of(carol, Permission.LISTEN)));
    assertThatThrownBy(() -> messages(gmk)).isInstanceOf(KeysMissing.class);
    TestKms.HOME.enrol(own.vault(), FIRE, NEXT_MONTH);
    byte[] message = messageTo(carol, gmk);
    assertThat(UnverifiedGmkDistribution.read(message).timestamp())
        .isEqualTo(NtpTimestamp.of(NEXT_MONTH));
    Accepted accepted = accepted(carol, message);
    assertThat(accepted.isCurrent()).isTrue();
    assertThat(manager.confirm(accepted.receipt())).isTrue();
    assertThat(manager.newGmk(NEXT_MONTH, Instant.MAX).issued())
        .isGreaterThan(NtpTimestamp.of(NEXT_MONTH));
  }

  @Test
  void forgetsGmksThatAreOver() throws Exception {
    GroupMasterKey old = manager.newGmk(NOW, NOW.plusSeconds(60));
    messages(old);
    clock.pass(Duration.ofSeconds(60));
    GroupMasterKey next = manager.newGmk(clock.instant(), Instant.MAX);
    restart();
    assertThat(manager.gmks()).extracting(GroupMasterKey::gmkId).containsExactly(next.gmkId());
    assertThat(manager.deliveries()).isEmpty();
  }

  @Test
  void signsAsAManagerOfItsOwnName() throws Exception {
    TestKms.HOME.enrol(own.vault(), CHIEF, NOW);
    var water = new Identity("sip:water@example.org");
    var settings = new GroupSettings(water, CHIEF);
    try (GroupManager chief =
        GroupManager.create(own.vault(), settings, MEMBERS, clock, Secrets.RANDOM)) {
      GroupMasterKey gmk = chief.newGmk(NOW, Instant.MAX);
      byte[] message = chief.distribute(gmk, NOW).getFirst().octets();
      assertThat(UnverifiedGmkDistribution.read(message).initiator()).isEqualTo(CHIEF);
      assertThat(accept(ALICE, new GroupMembership(water, CHIEF, "kms.example.org"), message))
          .isInstanceOf(Accepted.class);
      assertThat(accept(BOB, GroupMembership.of(water, "kms.example.org"), message))
          .isInstanceOf(GmkAcceptance.Refused.class);
    }
    assertThat(GroupManager.groups(own.vault())).containsExactly(FIRE, water);
  }

  @Test
  void saysWhatIsMissing() {
    var water = new Identity("sip:water@example.org");
    assertThatThrownBy(() ->
            GroupManager.create(
                own.vault(), GroupSettings.of(water), MEMBERS, clock, Secrets.RANDOM))
        .isInstanceOf(KeysMissing.class)
        .hasMessageContaining("holds no keys of sip:water@example.org");
    assertThatThrownBy(() -> GroupManager.open(own.vault(), water, clock, Secrets.RANDOM))
        .isInstanceOf(VaultException.class)
        .hasMessageContaining("holds no group sip:water@example.org");
    assertThatThrownBy(() ->
            GroupManager.create(
                own.vault(), GroupSettings.of(FIRE), MEMBERS, clock, Secrets.RANDOM))
        .hasMessageContaining("holds group sip:fire@example.org already");
  }

  private Map<Identity, byte[]> messages(GroupMasterKey gmk) throws Exception {
    return manager.distribute(gmk, clock.instant()).stream()
        .collect(Collectors.toMap(GmkMessage::ue, GmkMessage::octets));
  }

  private byte[] messageTo(Identity ue, GroupMasterKey gmk) throws Exception {
    return Optional.ofNullable(messages(gmk).get(ue)).orElseThrow();
  }

  private Accepted accepted(Identity ue, byte[] message) throws Exception {
    GmkAcceptance acceptance = accept(ue, GroupMembership.of(FIRE, "kms.example.org"), message);
    assertThat(acceptance).isInstanceOf(Accepted.class);
    return (Accepted) acceptance;
  }

  /// What a UE with a fresh vault makes of it.
  private GmkAcceptance accept(Identity ue, GroupMembership membership, byte[] message)
      throws Exception {
    try (TestVault vault = new TestVault(directory, "ue" + System.nanoTime())) {
      TestKms.HOME.enrol(vault.vault(), ue, clock.instant());
      try (Member member = Member.open(vault.vault(), ue, clock)) {
        member.joinGroup(membership);
        return member.accept(message);
      }
    }
  }

  private void restart() throws Exception {
    manager.close();
    manager = GroupManager.open(own.reopen(), FIRE, clock, Secrets.RANDOM);
  }
}
