package parley.gateway.keying;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import parley.gateway.keying.PlaneRig.Group;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabReceiver;
import parley.gateway.lab.LabTalker;
import parley.gateway.lab.SteppingClock;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaTap;
import parley.gateway.system.Await;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.JoinAnswer;
import parley.mikey.group.JoinOutcome;
import parley.mikey.group.JoinRefusal;
import parley.mikey.group.JoinVerb;
import parley.mikey.group.UnverifiedJoin;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// The rules of the wire profile, section 7, on a plane with real sockets and a clock of our own.
class JoinInboxTest {
  private static final String FIRE = "sip:fire@example.org";
  private static final JoinSettings LIMITS = new JoinSettings(3, 2, 3, Duration.ofSeconds(45));

  @TempDir Path folder;
  private final SteppingClock clock = new SteppingClock(Instant.parse("2026-11-23T12:00:30Z"));
  private final List<LabReceiver> receivers = new ArrayList<>();
  private Lab lab;
  private LabMember gateway;
  private LabMember alice;
  private LabMember bob;
  private LabMember carol;
  private PlaneRig rig;
  private @Nullable Group opened;

  @BeforeEach
  void setUp() throws Exception {
    lab = new Lab(folder, clock);
    gateway = lab.member("sip:gpe1@example.org");
    alice = lab.member("sip:alice@example.org");
    bob = lab.member("sip:bob@example.org");
    carol = lab.member("sip:carol@example.org");
    lab.group(FIRE, gateway, alice, bob, carol);
    rig = new PlaneRig(lab, gateway);
  }

  @AfterEach
  void tearDown() {
    receivers.forEach(LabReceiver::close);
    if (opened != null) {
      opened.close();
    }
    rig.close();
    lab.close();
  }

  private Group fire(GroupRoster roster, @Nullable JoinSettings joins) throws Exception {
    Group made =
        rig
        .new Group(
            FIRE, roster, List.of(LabTalker.GCM), MediaTap.none(), 8, PlaneRig.LISTEN, joins);
    opened = made.open();
    clock.step(Duration.ofSeconds(1));
    return made;
  }

  private Group fire() throws Exception {
    return fire(GroupRoster.withoutList(), LIMITS);
  }

  private LabReceiver receiver(LabMember member) throws Exception {
    LabReceiver made = new LabReceiver(member, FIRE);
    receivers.add(made);
    return made;
  }

  private LabReceiver joined(LabMember member, Group group) throws Exception {
    LabReceiver made = receiver(member);
    assertThat(made.join(group.address())).isEqualTo(JoinOutcome.DONE);
    return made;
  }

  private static JoinCounters joins(Group group) {
    return group.keying().counters().joins();
  }

  private static void awaitRefused(Group group, JoinRefusal reason) throws Exception {
    Await.until("refused: " + reason, () -> joins(group).refused(reason) == 1);
  }

  private List<Leg> relays(Group group) throws Exception {
    return rig.onLoop(() -> group.plane.media().relays());
  }

  /// Nothing came to this receiver: what it hears next is the answer to what it says now.
  private static void assertUnheard(LabReceiver receiver, Group group) throws Exception {
    receiver.show(null);
    assertThat(receiver.say(JoinVerb.JOIN, group.address())).isEqualTo(JoinOutcome.COOKIE);
  }

  @Test
  void mediaFlowsAfterTheCookieCameBackAndEndsWithLeave() throws Exception {
    Group group = fire();
    LabReceiver one = receiver(alice);
    LabTalker talker = bob.talker(FIRE);
    group.start(talker);
    assertThat(one.say(JoinVerb.JOIN, group.address())).isEqualTo(JoinOutcome.COOKIE);
    group.send(talker.packet(1));
    group.ear.hear();
    assertThat(joins(group).joined()).isZero();
    assertThat(one.say(JoinVerb.JOIN, group.address())).isEqualTo(JoinOutcome.DONE);
    assertThat(one.ear().hear()[0]).as("the running announcement").isEqualTo((byte) 1);
    byte[] packet = talker.packet(2);
    group.send(packet);
    assertThat(one.ear().hear()).isEqualTo(packet);
    Await.until(
        "its delay is noted", () -> group.plane.media().counters().firstMedia().count() == 1);

    assertThat(one.say(JoinVerb.LEAVE, group.address())).isEqualTo(JoinOutcome.DONE);
    group.send(talker.packet(3));
    group.ear.hear(2);
    assertUnheard(one, group);
    assertThat(joins(group).ended(JoinEnd.LEFT)).isEqualTo(1);
    assertThat(relays(group)).hasSize(1);
  }

  @Test
  void anAnswerIsShorterThanItsRequest() throws Exception {
    Group group = fire();
    LabReceiver one = receiver(alice);
    byte[] join = one.seal(JoinVerb.JOIN);
    one.ear().send(join, group.address());
    assertThat(one.ear().hear().length).isLessThan(join.length / 2);
  }

  /// What an outsider overheard is worth one look, wherever he says it from.
  @Test
  void aReplayHasNoAnswerAndMovesNothing() throws Exception {
    Group group = fire();
    LabReceiver one = receiver(alice);
    LabReceiver elsewhere = receiver(carol);
    byte[] first = one.seal(JoinVerb.JOIN);
    one.ear().send(first, group.address());
    one.answer();
    byte[] second = one.seal(JoinVerb.JOIN);
    one.ear().send(second, group.address());
    assertThat(one.answer()).isEqualTo(JoinOutcome.DONE);

    elsewhere.ear().send(first, group.address());
    elsewhere.ear().send(second, group.address());
    Await.until("both refused", () -> joins(group).refused(JoinRefusal.DUPLICATE) == 2);
    assertUnheard(elsewhere, group);
    assertThat(joins(group).joined()).isEqualTo(1);
  }

  /// A JOIN that was caught before the gateway saw it, played when its sender has long left.
  @Test
  void aMessageOlderThanTheEndOfItsStayIsRefused() throws Exception {
    Group group = fire();
    LabReceiver one = joined(alice, group);
    byte[] caught = one.seal(JoinVerb.JOIN);
    assertThat(one.say(JoinVerb.LEAVE, group.address())).isEqualTo(JoinOutcome.DONE);
    one.ear().send(caught, group.address());
    awaitRefused(group, JoinRefusal.DUPLICATE);
    assertThat(joins(group).joined()).isZero();
  }

  @Test
  void aCookieIsForOneAddressOneStayAndAWhile() throws Exception {
    Group group = fire();
    LabReceiver one = receiver(alice);
    LabReceiver other = receiver(alice);
    assertThat(one.say(JoinVerb.JOIN, group.address())).isEqualTo(JoinOutcome.COOKIE);
    other.show(one.cookie());
    assertThat(other.say(JoinVerb.JOIN, group.address())).isEqualTo(JoinOutcome.COOKIE);
    assertThat(joins(group).refused(JoinRefusal.STALE_COOKIE)).isEqualTo(1);

    byte[] elsewhere = one.seal(JoinVerb.JOIN);
    other.ear().send(elsewhere, group.address());
    Await.until("stale", () -> joins(group).refused(JoinRefusal.STALE_COOKIE) == 2);

    clock.step(Duration.ofSeconds(121));
    assertThat(one.say(JoinVerb.JOIN, group.address())).isEqualTo(JoinOutcome.COOKIE);
    assertThat(joins(group).joined()).isZero();
  }

  /// Whoever has given an address up cannot keep media flowing to it: REFRESH needs the new cookie.
  @Test
  void aRefreshWithoutTheCookieOfTheLastAnswerRefreshesNothing() throws Exception {
    Group group = fire();
    LabReceiver one = joined(alice, group);
    for (int i = 0; i < 3; i++) {
      clock.step(Duration.ofSeconds(40));
      assertThat(one.say(JoinVerb.REFRESH, group.address())).isEqualTo(JoinOutcome.DONE);
    }
    one.show(null);
    clock.step(Duration.ofSeconds(40));
    assertThat(one.say(JoinVerb.REFRESH, group.address())).isEqualTo(JoinOutcome.COOKIE);
    clock.step(Duration.ofSeconds(6));
    rig.tick(group);
    assertThat(joins(group).joined()).isZero();
    assertThat(joins(group).ended(JoinEnd.EXPIRED)).isEqualTo(1);
  }

  @Test
  void threeMissedRefreshesEndItAndTheReceiverIsTold() throws Exception {
    Group group = fire();
    LabReceiver one = joined(alice, group);
    clock.step(Duration.ofSeconds(45));
    rig.tick(group);
    assertThat(joins(group).joined()).isEqualTo(1);
    clock.step(Duration.ofMillis(1));
    rig.tick(group);
    assertThat(joins(group).joined()).isZero();
    assertThat(relays(group)).hasSize(1);
    assertThat(one.say(JoinVerb.REFRESH, group.address())).isEqualTo(JoinOutcome.NOT_JOINED);
    assertThat(one.say(JoinVerb.JOIN, group.address())).isEqualTo(JoinOutcome.DONE);
  }

  @Test
  void nobodyLeavesOrRefreshesForAnother() throws Exception {
    Group group = fire();
    joined(alice, group);
    LabReceiver mallory = joined(bob, group);
    LabReceiver second = receiver(bob);
    assertThat(second.say(JoinVerb.LEAVE, group.address())).isEqualTo(JoinOutcome.COOKIE);
    assertThat(second.say(JoinVerb.LEAVE, group.address())).isEqualTo(JoinOutcome.NOT_JOINED);
    assertThat(mallory.say(JoinVerb.LEAVE, group.address())).isEqualTo(JoinOutcome.DONE);
    assertThat(joins(group).joined()).isEqualTo(1);
    assertThat(joins(group).refused(JoinRefusal.NOT_JOINED)).isEqualTo(1);
  }

  @Test
  void aDamagedMessageHasNoAnswer() throws Exception {
    Group group = fire();
    LabReceiver one = receiver(alice);
    byte[] damaged = one.seal(JoinVerb.JOIN);
    damaged[damaged.length - 200]++;
    one.ear().send(damaged, group.address());
    one.ear().send(Arrays.copyOf(damaged, 40), group.address());
    Await.until(
        "both refused",
        () ->
            joins(group).refused(JoinRefusal.BAD_MAC) + joins(group).refused(JoinRefusal.MALFORMED)
                == 2);
    assertUnheard(one, group);
  }

  @Test
  void aWrongSignatureHasNoAnswerBeyondTheCookie() throws Exception {
    Group group = fire();
    LabReceiver one = receiver(alice);
    assertThat(one.say(JoinVerb.JOIN, group.address())).isEqualTo(JoinOutcome.COOKIE);
    byte[] badlySigned = one.seal(JoinVerb.JOIN);
    badlySigned[badlySigned.length - 100]++;
    one.ear().send(badlySigned, group.address());
    awaitRefused(group, JoinRefusal.BAD_SIGNATURE);
    assertThat(joins(group).joined()).isZero();
    assertUnheard(one, group);
  }

  @Test
  void aStaleTimeHasNoAnswer() throws Exception {
    Group group = fire();
    LabReceiver one = receiver(alice);
    clock.step(Duration.ofMinutes(2));
    byte[] old = one.seal(JoinVerb.JOIN);
    clock.step(Duration.ofSeconds(61));
    one.ear().send(old, group.address());
    awaitRefused(group, JoinRefusal.T_TOO_OLD);
    assertUnheard(one, group);
  }

  @Test
  void whereReceiversAreNotOfferedNobodyIsAnswered() throws Exception {
    Group group = fire(GroupRoster.withoutList(), null);
    LabReceiver one = receiver(alice);
    one.ear().send(one.seal(JoinVerb.JOIN), group.address());
    awaitRefused(group, JoinRefusal.NOT_OFFERED);
    assertThat(one.ear().drain()).isEmpty();
  }

  @Test
  void onlyWhomTheListLetsListenMayJoin() throws Exception {
    Group group = fire(listening(alice), LIMITS);
    joined(alice, group);
    assertThat(receiver(bob).join(group.address())).isEqualTo(JoinOutcome.NOT_PERMITTED);

    rig.onLoop(() -> {
      group.keying().change(group.keying().settings(), listening(bob));
      return null;
    });
    assertThat(joins(group).joined()).isZero();
    assertThat(joins(group).ended(JoinEnd.NOT_PERMITTED)).isEqualTo(1);
    joined(bob, group);
  }

  private static GroupRoster listening(LabMember member) {
    return GroupRoster.of(
        MemberList.of(List.of(GroupMember.of(member.identity(), Permission.LISTEN))));
  }

  @Test
  void theCapsOfMemberGroupAndAddressHold() throws Exception {
    Group group = fire();
    LabReceiver one = joined(alice, group);
    joined(alice, group);
    assertThat(receiver(alice).join(group.address())).isEqualTo(JoinOutcome.FULL);
    assertThat(joins(group).refused(JoinRefusal.MEMBER_FULL)).isEqualTo(1);
    joined(bob, group);
    assertThat(receiver(carol).join(group.address())).isEqualTo(JoinOutcome.FULL);
    assertThat(joins(group).refused(JoinRefusal.GROUP_FULL)).isEqualTo(1);
    assertThat(one.say(JoinVerb.JOIN, group.address())).as("once more").isEqualTo(JoinOutcome.DONE);
    assertThat(one.say(JoinVerb.LEAVE, group.address())).isEqualTo(JoinOutcome.DONE);
    joined(carol, group);
  }

  @Test
  void theCapOfAnAddressHolds() throws Exception {
    Group group = fire(GroupRoster.withoutList(), new JoinSettings(9, 9, 1, LIMITS.expire()));
    joined(alice, group);
    assertThat(receiver(bob).join(group.address())).isEqualTo(JoinOutcome.FULL);
    assertThat(joins(group).refused(JoinRefusal.SOURCE_FULL)).isEqualTo(1);
  }

  /// An excluded member has the older GMK alone.
  @Test
  void aStayEndsWithItsGmkAfterTheGrace() throws Exception {
    Group group = fire();
    LabReceiver excluded = joined(carol, group);
    GroupMasterKey newer = lab.newGmk(FIRE);
    lab.distribute(newer, gateway, alice);
    rig.tick(group);
    LabReceiver stays = new LabReceiver(alice, newer);
    receivers.add(stays);
    assertThat(stays.join(group.address())).isEqualTo(JoinOutcome.DONE);
    clock.step(Duration.ofSeconds(31));
    rig.tick(group);
    assertThat(joins(group).joined()).isEqualTo(1);
    assertThat(joins(group).ended(JoinEnd.GMK)).isEqualTo(1);
    excluded.show(null);
    assertThat(excluded.say(JoinVerb.JOIN, group.address())).isEqualTo(JoinOutcome.COOKIE);
    excluded.ear().send(excluded.seal(JoinVerb.JOIN), group.address());
    awaitRefused(group, JoinRefusal.GMK_NOT_OPEN);
  }

  /// The gateway is told of the same GMK once more: of another end, or that it is revoked.
  private void tellAgain(GroupMasterKey gmk, Duration expiry, boolean revoked) throws Exception {
    Instant now = clock.instant();
    NtpTimestamp t = NtpTimestamp.of(now);
    lab.distribute(
        GroupMasterKey.of(
            gmk.group(), gmk.gmkId(), gmk.key(), t, gmk.activation(), now.plus(expiry), revoked),
        gateway);
  }

  @Test
  void aStayGoesOnWhenItsGmkIsGivenMoreTime() throws Exception {
    Instant now = clock.instant();
    GroupMasterKey brief = lab.newGmk(FIRE, now.minusSeconds(1), now.plusSeconds(60));
    lab.distribute(brief, gateway, alice);
    Group group = fire();
    LabReceiver one = joined(alice, group);
    clock.step(Duration.ofSeconds(30));
    tellAgain(brief, Duration.ofHours(1), false);
    assertThat(one.say(JoinVerb.REFRESH, group.address())).isEqualTo(JoinOutcome.DONE);
    clock.step(Duration.ofSeconds(40));
    rig.tick(group);
    assertThat(joins(group).joined()).isEqualTo(1);
    assertThat(one.say(JoinVerb.REFRESH, group.address())).isEqualTo(JoinOutcome.DONE);
  }

  @Test
  void aStayEndsAtOnceWithAGmkThatIsRevoked() throws Exception {
    Group group = fire();
    joined(alice, group);
    GroupMasterKey gmk = gateway.member().sendingGmk(new Identity(FIRE)).orElseThrow();
    tellAgain(gmk, Duration.ofHours(1), true);
    rig.tick(group);
    assertThat(joins(group).joined()).isZero();
    assertThat(joins(group).ended(JoinEnd.GMK)).isEqualTo(1);
  }

  @Test
  void anotherStayTakesTheAddressOver() throws Exception {
    Group group = fire();
    LabReceiver one = joined(alice, group);
    GroupMasterKey newer = lab.newGmk(FIRE);
    lab.distribute(newer, gateway, alice);
    try (var next = new LabReceiver(alice, newer);
        var shared = new SharedSocket(one, next, group.address())) {
      assertThat(shared.join()).isEqualTo(JoinOutcome.DONE);
    }
    assertThat(joins(group).joined()).isEqualTo(1);
    assertThat(joins(group).ended(JoinEnd.REPLACED)).isEqualTo(1);
  }

  /// A new stay that speaks from the socket of an older one.
  private record SharedSocket(LabReceiver old, LabReceiver next, InetSocketAddress gateway)
      implements AutoCloseable {
    JoinOutcome join() throws Exception {
      old.ear().send(next.seal(JoinVerb.JOIN), gateway);
      next.show(JoinAnswer.read(old.ear().hear()).cookie());
      old.ear().send(next.seal(JoinVerb.JOIN), gateway);
      return JoinAnswer.read(old.ear().hear()).outcome();
    }

    @Override
    public void close() {}
  }

  @Test
  void configuredAddedAndJoinedStayApart() throws Exception {
    Group group = fire();
    LabReceiver one = joined(alice, group);
    InetSocketAddress address = one.ear().address();
    rig.onLoop(() -> {
      group.keying().receivers().add(address);
      return null;
    });
    assertThat(relays(group)).hasSize(2);
    assertThat(one.say(JoinVerb.LEAVE, group.address())).isEqualTo(JoinOutcome.DONE);
    assertThat(relays(group)).as("the operator's own is still there").hasSize(2);
    boolean removed =
        rig.onLoop(() ->
            group.keying().receivers().remove(address, clock.instant(), Duration.ofMinutes(2)));
    assertThat(removed).isTrue();
    assertThat(relays(group)).hasSize(1);
    assertThat(rig.onLoop(() -> group.keying().receivers().all()))
        .extracting(Receivers.Entry::by)
        .containsExactly("configuration");
  }

  /// Java calls their addresses equal.
  @Test
  void receiversOfTwoLinksAreTwo() throws Exception {
    GroupMasterKey gmk = lab.newGmk(FIRE);
    JoinedReceivers all = new JoinedReceivers();
    for (int link = 1; link <= 2; link++) {
      LabReceiver one = receiver(alice);
      UnverifiedJoin message = UnverifiedJoin.read(one.seal(JoinVerb.JOIN));
      byte[] octets = InetAddress.getByName("fe80::7").getAddress();
      var source = new InetSocketAddress(Inet6Address.getByAddress(null, octets, link), 5004);
      assertThat(all.replacedBy(message, source)).isEmpty();
      all.add(message, source, gmk, clock.instant());
      assertThat(all.isAt(message, source)).isTrue();
    }
    assertThat(all.size()).isEqualTo(2);
  }

  @Test
  void joiningAndLeavingInALoopDoesNotFillTheLog() throws Exception {
    Group group = fire();
    Logger log = (Logger) LoggerFactory.getLogger(Receivers.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    log.addAppender(lines);
    try {
      LabReceiver one = receiver(alice);
      for (int i = 0; i < 25; i++) {
        assertThat(one.join(group.address())).isEqualTo(JoinOutcome.DONE);
        assertThat(one.say(JoinVerb.LEAVE, group.address())).isEqualTo(JoinOutcome.DONE);
      }
      assertThat(lines.list).hasSize(40);
      clock.step(Duration.ofSeconds(10));
      assertThat(one.join(group.address())).isEqualTo(JoinOutcome.DONE);
      assertThat(lines.list.getLast().getKeyValuePairs())
          .anyMatch(pair -> pair.key.equals("unlogged") && pair.value.equals(5L));
    } finally {
      log.detachAppender(lines);
    }
    assertThat(joins(group).ended(JoinEnd.LEFT)).isEqualTo(25);
  }

  /// A flood of JOINs that only pretend to come from somewhere: no leg, no pool, no media.
  @Test
  void forgedSourcesGetNoMedia() throws Exception {
    Group group = fire();
    LabReceiver one = receiver(alice);
    LabTalker talker = bob.talker(FIRE);
    group.start(talker);
    try (var victim = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      int octets = 0;
      for (int i = 0; i < 50; i++) {
        byte[] join = one.seal(JoinVerb.JOIN);
        victim.send(new DatagramPacket(join, join.length, group.address()));
        octets += join.length;
      }
      Await.until("all answered", () -> joins(group).cookies() == 50);
      for (int n = 1; n <= 10; n++) {
        group.send(talker.packet(n));
      }
      group.ear.hear(10);
      victim.setSoTimeout(50);
      int answered = 0;
      var buffer = new DatagramPacket(new byte[2048], 2048);
      try {
        while (true) {
          victim.receive(buffer);
          assertThat(buffer.getData()[1]).as("a cookie, no media").isEqualTo((byte) 1);
          answered += buffer.getLength();
        }
      } catch (SocketTimeoutException _) {
        assertThat(answered).isBetween(1, octets / 2);
      }
    }
    assertThat(joins(group).joined()).isZero();
    assertThat(relays(group)).hasSize(1);
  }
}
