package parley.keys.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.keys.TestVault;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;

/// The plan is followed, each message is repeated until its receipt comes, and a restart loses
/// nothing. No real time passes.
class DistributorTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity BOB = new Identity("sip:bob@example.org");
  private static final MemberList MEMBERS =
      MemberList.of(
          List.of(
              GroupMember.of(ALICE, Permission.TALK, Permission.LISTEN),
              GroupMember.of(BOB, Permission.LISTEN)));
  private static final GmkPlan DAILY = new GmkPlan(DAY, Duration.ofHours(2), Duration.ofHours(1));
  private static final DeliveryPace PACE =
      new DeliveryPace(1000, Duration.ofSeconds(1), Duration.ofSeconds(8));

  @TempDir Path directory;
  private final FakeClock clock = new FakeClock(NOW);
  private final List<GmkMessage> sent = new ArrayList<>();
  private final Set<Identity> unreachable = new HashSet<>();
  private final List<GroupMasterKey> made = new ArrayList<>();
  private final List<Delivery> confirmed = new ArrayList<>();
  private final List<KeysMissing> missing = new ArrayList<>();
  private TestVault own;
  private GroupManager manager;
  private Distributor distributor;

  private final class Events implements DeliveryEvents {
    @Override
    public void made(GroupMasterKey gmk) {
      made.add(gmk);
    }

    @Override
    public void confirmed(java.util.Collection<Delivery> deliveries) {
      confirmed.addAll(deliveries);
    }

    @Override
    public void cannotSeal(KeysMissing why) {
      missing.add(why);
    }
  }

  @BeforeEach
  void prepare() throws Exception {
    own = new TestVault(directory, "manager");
    TestKms.HOME.enrol(own.vault(), FIRE, NOW);
    manager =
        GroupManager.create(own.vault(), GroupSettings.of(FIRE), MEMBERS, clock, Secrets.RANDOM);
    distributor = distributor(DAILY);
  }

  private Distributor distributor(GmkPlan plan) {
    return new Distributor(
        manager,
        plan,
        PACE,
        message -> {
          sent.add(message);
          return !unreachable.contains(message.ue());
        },
        new Events(),
        clock,
        this::nanos);
  }

  /// As the clock, which nobody sets in these tests.
  private long nanos() {
    return Duration.between(NOW, clock.instant()).toNanos();
  }

  @AfterEach
  void close() {
    manager.close();
    own.close();
  }

  private List<Identity> turn() throws Exception {
    sent.clear();
    long wait;
    do {
      wait = distributor.turn();
    } while (wait == 0);
    return sent.stream().map(GmkMessage::ue).toList();
  }

  private List<Identity> turnAfter(Duration time) throws Exception {
    clock.pass(time);
    return turn();
  }

  @Test
  void repeatsSlowerAndSlowerUntilTheReceiptComes() throws Exception {
    assertThat(turn()).containsExactlyInAnyOrder(ALICE, BOB);
    byte[] receipt = accept(ALICE);
    assertThat(turnAfter(Duration.ofMillis(999))).isEmpty();
    assertThat(turnAfter(Duration.ofMillis(1))).containsExactlyInAnyOrder(ALICE, BOB);
    distributor.receipts(List.of(receipt, receipt, new byte[9]));
    assertThat(confirmed).extracting(Delivery::ue).containsExactly(ALICE);
    assertThat(turnAfter(Duration.ofSeconds(1))).isEmpty();
    assertThat(turnAfter(Duration.ofSeconds(1))).containsExactly(BOB);
    for (int wait : new int[] {4, 8, 8, 8}) {
      assertThat(turnAfter(Duration.ofSeconds(wait).minusMillis(1))).isEmpty();
      assertThat(turnAfter(Duration.ofMillis(1))).containsExactly(BOB);
    }
    assertThat(made).hasSize(1);
    assertThat(manager.pendingCount(made.getFirst().gmkId())).isEqualTo(1);
  }

  @Test
  void saysWhenItIsToBeCalledAgain() throws Exception {
    turn();
    assertThat(distributor.turn()).isEqualTo(Duration.ofSeconds(1).toNanos());
    distributor.receipts(List.of(accept(ALICE), accept(BOB)));
    assertThat(distributor.turn()).isEqualTo(Duration.ofMinutes(1).toNanos());
    clock.set(NOW.plus(Duration.ofHours(22)).minusSeconds(5));
    assertThat(distributor.turn()).isEqualTo(Duration.ofSeconds(5).toNanos());
  }

  @Test
  void sendsAtOnceToWhoHasJustSaidWhereItIs() throws Exception {
    unreachable.add(BOB);
    turn();
    turnAfter(Duration.ofSeconds(1));
    turnAfter(Duration.ofSeconds(2));
    unreachable.clear();
    assertThat(turn()).isEmpty();
    distributor.reached(BOB);
    assertThat(turn()).containsExactly(BOB);
    assertThat(turnAfter(Duration.ofSeconds(1))).containsExactly(BOB);
  }

  @Test
  void makesTheNextGmkAheadAndDeliversBothUntilItIsActive() throws Exception {
    turn();
    distributor.receipts(List.of(accept(ALICE)));
    clock.set(NOW.plus(Duration.ofHours(22)));
    assertThat(turn()).containsExactlyInAnyOrder(ALICE, BOB, BOB);
    assertThat(made).hasSize(2);
    GroupMasterKey first = made.get(0);
    GroupMasterKey next = made.get(1);
    assertThat(next.activation()).isEqualTo(NOW.plus(DAY));
    assertThat(first.expiry()).isEqualTo(NOW.plus(DAY).plus(Duration.ofHours(1)));
    clock.set(NOW.plus(DAY));
    assertThat(turn())
        .as("the older one is nobody's business any more")
        .containsExactlyInAnyOrder(ALICE, BOB);
    assertThat(sent).extracting(GmkMessage::gmkId).containsOnly(next.gmkId());
  }

  @Test
  void excludesByAMembersListAndNeverLeavesAGap() throws Exception {
    turn();
    clock.set(NOW.plus(Duration.ofHours(20)));
    distributor.members(MEMBERS.without(BOB));
    assertThat(turn()).containsExactly(ALICE);
    assertThat(made).hasSize(2);
    assertThat(made.get(1).activation()).isEqualTo(clock.instant());
    assertThat(made.get(1).expiry()).isEqualTo(clock.instant().plus(Duration.ofHours(25)));
    clock.set(NOW.plus(Duration.ofHours(42)));
    turn();
    assertThat(made).hasSize(3);
    assertThat(made.get(2).activation()).isBefore(made.get(1).expiry());
  }

  @Test
  void aListWithSomebodyMoreMakesNoNewGmk() throws Exception {
    turn();
    var carol = new Identity("sip:carol@example.org");
    distributor.members(MEMBERS.with(GroupMember.of(carol, Permission.LISTEN)));
    assertThat(turn()).contains(carol);
    assertThat(made).hasSize(1);
  }

  @Test
  void rekeysOnDemand() throws Exception {
    turn();
    turnAfter(Duration.ofSeconds(1));
    GroupMasterKey next = distributor.rekey();
    assertThat(turn()).containsExactlyInAnyOrder(ALICE, BOB);
    assertThat(sent).extracting(GmkMessage::gmkId).containsOnly(next.gmkId());
  }

  @Test
  void aRestartGoesOnWithTheSameMessagesAndWhoHasConfirmedIsLeftAlone() throws Exception {
    turn();
    List<byte[]> before = sent.stream().map(GmkMessage::octets).toList();
    distributor.receipts(List.of(accept(ALICE)));
    manager.close();
    manager = GroupManager.open(own.reopen(), FIRE, clock, Secrets.RANDOM);
    distributor = distributor(DAILY);
    assertThat(turn()).containsExactly(BOB);
    assertThat(made).hasSize(1);
    assertThat(before)
        .anyMatch(octets -> java.util.Arrays.equals(octets, sent.getFirst().octets()));
  }

  @Test
  void keepsToThePace() throws Exception {
    var many = new ArrayList<GroupMember>();
    IntStream.range(0, 600)
        .mapToObj(i -> new Identity("sip:ue" + i + "@example.org"))
        .forEach(ue -> many.add(GroupMember.of(ue, Permission.LISTEN)));
    manager.replaceMembers(MemberList.of(many));
    int turns = 0;
    sent.clear();
    Set<Identity> served = new HashSet<>();
    while (served.size() < 600) {
      long wait = distributor.turn();
      sent.forEach(message -> served.add(message.ue()));
      clock.pass(Duration.ofNanos(Math.max(wait, 1)));
      turns++;
    }
    assertThat(sent).hasSizeLessThan(650);
    assertThat(nanos()).isGreaterThan(Duration.ofMillis(570).toNanos());
    assertThat(turns).isLessThan(1000);
  }

  @Test
  void goesOnWithWhatIsMadeWhereKeysOfThePeriodAreMissing() throws Exception {
    turn();
    clock.set(Instant.parse("2026-12-10T12:00:00Z"));
    turn();
    assertThat(missing).isNotEmpty();
    assertThat(made).hasSize(2);
    TestKms.HOME.enrol(own.vault(), FIRE, clock.instant());
    assertThat(turnAfter(Duration.ofMinutes(1))).containsExactlyInAnyOrder(ALICE, BOB);
  }

  @Test
  void revokesEverywhereWhenAGroupIsDissolved() throws Exception {
    turn();
    try (TestVault vault = ue(ALICE);
        Member alice = Member.open(vault.vault(), ALICE, clock)) {
      alice.joinGroup(GroupMembership.of(FIRE, "kms.example.org"));
      deliver(alice);
      distributor.rekey();
      turn();
      deliver(alice);
      assertThat(alice.sendingGmk(FIRE)).isPresent();
      manager.dissolve();
      distributor.changed();
      assertThat(turn()).containsExactlyInAnyOrder(ALICE, ALICE, BOB, BOB);
      deliver(alice);
      assertThat(alice.sendingGmk(FIRE)).isEmpty();
      assertThat(alice.gmkBook().all(FIRE)).hasSize(2).allMatch(GroupMasterKey::isRevoked);
      assertThat(turnAfter(DAY)).as("nothing is made any more").doesNotContain(ALICE);
      assertThat(made).hasSize(2);
      try (Member again = Member.open(vault.vault(), ALICE, clock)) {
        assertThat(again.sendingGmk(FIRE)).as("after a restart").isEmpty();
      }
    }
    manager.close();
    manager =
        GroupManager.create(own.vault(), GroupSettings.of(FIRE), MEMBERS, clock, Secrets.RANDOM);
    distributor = distributor(DAILY);
    assertThat(turn()).containsExactlyInAnyOrder(ALICE, BOB);
    assertThat(made.get(2).issued()).isGreaterThan(made.get(1).issued());
  }

  private void deliver(Member member) throws Exception {
    for (GmkMessage message : List.copyOf(sent)) {
      if (message.ue().equals(member.identity())) {
        var accepted = (GmkAcceptance.Accepted) member.accept(message.octets());
        distributor.receipts(List.of(accepted.receipt()));
      }
    }
  }

  private TestVault ue(Identity ue) throws Exception {
    TestVault vault = new TestVault(directory, "ue" + System.nanoTime());
    TestKms.HOME.enrol(vault.vault(), ue, clock.instant());
    return vault;
  }

  /// The receipt of a UE with a fresh vault for the newest message to it.
  private byte[] accept(Identity ue) throws Exception {
    GmkMessage message = manager.pending(ue, clock.instant()).getLast();
    try (TestVault vault = ue(ue);
        Member member = Member.open(vault.vault(), ue, clock)) {
      member.joinGroup(GroupMembership.of(FIRE, "kms.example.org"));
      return ((GmkAcceptance.Accepted) member.accept(message.octets())).receipt();
    }
  }
}
