package parley.gateway.keying;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.keying.PlaneRig.Group;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.lab.SteppingClock;
import parley.gateway.media.DropReason;
import parley.gateway.media.MediaTap;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.Refusal;

/// The rules of the wire profile, sections 3 to 5 on a plane with real sockets and a clock of our
/// own.
class GroupKeyingTest {
  private static final String FIRE = "sip:fire@example.org";

  @TempDir Path folder;
  private SteppingClock clock = new SteppingClock(Instant.parse("2026-11-23T12:00:00Z"));
  private Lab lab;
  private LabMember gateway;
  private LabMember alice;
  private LabMember bob;
  private GroupMasterKey gmk;
  private PlaneRig rig;
  private Group fire;

  @BeforeEach
  void setUp() throws Exception {
    clock = new SteppingClock(Instant.parse("2026-11-23T12:00:00Z"));
    lab = new Lab(folder, clock);
    gateway = lab.member("sip:gpe1@example.org");
    alice = lab.member("sip:alice@example.org");
    bob = lab.member("sip:bob@example.org");
    gmk = lab.group(FIRE, gateway, alice, bob);
    rig = new PlaneRig(lab, gateway);
    fire = rig.group(FIRE).open();
    clock.step(Duration.ofSeconds(1));
  }

  @AfterEach
  void tearDown() throws Exception {
    fire.close();
    rig.close();
    lab.close();
  }

  private void forwards(LabTalker talker, int n) throws Exception {
    byte[] packet = talker.packet(n);
    fire.send(packet);
    assertThat(fire.ear.hear()).isEqualTo(packet);
  }

  private long refused(Refusal reason) {
    return fire.keying().counters().refused(reason);
  }

  private long dropped(DropReason reason) {
    return fire.plane.media().counters().dropped(reason);
  }

  @Test
  void relaysAnnouncementAndMediaOctetForOctet() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    fire.start(talker);
    forwards(talker, 1);
    forwards(talker, 2);
    assertThat(fire.keying().counters().accepted()).isEqualTo(1);
  }

  @Test
  void announcementAndFirstMediaMayShareOneTransmission() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    byte[] announcement = talker.announce();
    byte[] first = talker.packet(1);
    byte[] second = talker.packet(2);
    fire.send(announcement);
    fire.send(first);
    fire.send(second);
    assertThat(fire.ear.hear(3)).containsExactly(announcement, first, second);
  }

  @Test
  void refusesMediaThatNoAnnouncementMaps() throws Exception {
    LabTalker unannounced = alice.talker(FIRE);
    fire.send(unannounced.packet(1));
    LabTalker talker = bob.talker(FIRE);
    fire.start(talker);
    forwards(talker, 1);
    assertThat(dropped(DropReason.UNKNOWN_SSRC)).isEqualTo(1);
  }

  /// No MKI is looked for among other keys: whatever is not the stream's own ends there, and makes
  /// no context.
  @Test
  void aFloodOfRandomMkisFindsNoStream() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    fire.start(talker);
    forwards(talker, 1);
    byte[] captured = talker.packet(2);
    var random = new Random(7);
    int flood = 200;
    for (int i = 0; i < flood; i++) {
      byte[] forged = captured.clone();
      ByteBuffer mki = ByteBuffer.wrap(forged).position(forged.length - Integer.BYTES);
      mki.putInt(talker.announcement().gsk().gskId() ^ (1 + random.nextInt(Integer.MAX_VALUE)));
      fire.send(forged);
      if (i % 20 == 0) {
        forwards(talker, 3 + i);
      }
    }
    forwards(talker, 3 + flood);
    assertThat(dropped(DropReason.WRONG_MKI)).isEqualTo(flood);
    assertThat(fire.keying().running()).hasSize(1);
  }

  @Test
  void aNewSsrcInMidSpeechNeedsAnAnnouncementOfItsOwn() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    fire.start(talker);
    forwards(talker, 1);
    clock.step(Duration.ofMillis(10));
    LabTalker newSsrc = alice.talker(FIRE);
    fire.send(newSsrc.packet(2));
    forwards(talker, 3);
    fire.start(newSsrc);
    forwards(newSsrc, 4);
    assertThat(dropped(DropReason.UNKNOWN_SSRC)).isEqualTo(1);
    assertThat(fire.keying().running()).hasSize(1);
  }

  @Test
  void aTalkerThatRestartsEndsItsOldBurst() throws Exception {
    LabTalker before = alice.talker(FIRE);
    fire.start(before);
    forwards(before, 1);
    clock.step(Duration.ofMillis(10));
    LabTalker after = alice.talker(FIRE);
    fire.start(after);
    fire.send(before.packet(2));
    forwards(after, 1);
    assertThat(dropped(DropReason.UNKNOWN_SSRC) + dropped(DropReason.TOMBSTONE)).isEqualTo(1);
    assertThat(fire.keying().running()).hasSize(1);
  }

  @Test
  void anOvertakenAnnouncementOfAnOlderBurstEndsNothing() throws Exception {
    LabTalker older = alice.talker(FIRE);
    byte[] late = older.announce();
    clock.step(Duration.ofMillis(10));
    LabTalker newer = alice.talker(FIRE);
    fire.start(newer);
    fire.receive(late);
    assertThat(refused(Refusal.DUPLICATE)).isEqualTo(1);
    forwards(newer, 1);
  }

  @Test
  void twoTalkersAtOnceAreBothRelayed() throws Exception {
    LabTalker one = alice.talker(FIRE);
    LabTalker two = bob.talker(FIRE);
    fire.start(one);
    fire.start(two);
    for (int n = 0; n < 5; n++) {
      forwards(one, n);
      forwards(two, n);
    }
    assertThat(fire.keying().running()).hasSize(2);
  }

  @Test
  void twoTalkersWithOneSsrcAreToldApartByTheirMki() throws Exception {
    LabTalker one = alice.talker(FIRE);
    LabTalker two = bob.talker(FIRE).ssrc(one.ssrc());
    fire.start(one);
    fire.start(two);
    forwards(one, 1);
    forwards(two, 1);
  }

  @Test
  void oneTalkerMoreThanTheGroupAllowsIsRefused() throws Exception {
    fire.close();
    fire =
        rig.new Group(FIRE, GroupRoster.withoutList(), List.of(LabTalker.GCM), MediaTap.none(), 1);
    fire.open();
    clock.step(Duration.ofMillis(1));
    LabTalker first = alice.talker(FIRE);
    fire.start(first);
    fire.receive(bob.talker(FIRE).announce());
    assertThat(refused(Refusal.TALKER_LIMIT)).isEqualTo(1);
    forwards(first, 1);
  }

  @Test
  void aRepeatIsRelayedAndNeverMovesAStreamThatHasAuthenticatedPackets() throws Exception {
    LabTalker talker = alice.talker(FIRE).from(0x1_fff0L);
    fire.start(talker);
    forwards(talker, 1);
    byte[] ahead = aRepeatThatClaimsAnotherIndex(talker, 0x5_0000L);
    fire.receive(ahead);
    assertThat(fire.ear.hear()).isEqualTo(ahead);
    assertThat(fire.keying().counters().repeats()).isEqualTo(1);
    forwards(talker, 2);
  }

  @Test
  void ofRepeatsThatWaitTheNewestCountsAndNoOther() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    CountDownLatch open = busyPool();
    List<byte[]> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clock.step(Duration.ofMillis(500));
      byte[] announcement = talker.announce();
      waiting.add(announcement);
      rig.onLoop(() -> {
        fire.keying().receive(PlaneRig.SOMEWHERE, announcement, 0);
        return null;
      });
    }
    open.countDown();
    rig.settle();
    assertThat(fire.ear.hear()).isEqualTo(waiting.getLast());
    assertThat(fire.keying().counters().accepted()).isEqualTo(1);
    assertThat(refused(Refusal.DUPLICATE)).isEqualTo(4);
    forwards(talker, 1);
  }

  @Test
  void aBurstIsNotSilentWhileItsRepeatWaitsToBeVerified() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    fire.start(talker);
    waitsBeyondSilence(talker.announce());
    assertThat(fire.keying().running()).as("the repeat is genuine").hasSize(1);
    byte[] forged = talker.announce();
    forged[forged.length - 1] ^= 1;
    waitsBeyondSilence(forged);
    assertThat(refused(Refusal.BAD_SIGNATURE)).isEqualTo(1);
    assertThat(fire.keying().running()).as("the repeat is forged").isEmpty();
  }

  private void waitsBeyondSilence(byte[] repeat) throws Exception {
    CountDownLatch open = busyPool();
    rig.onLoop(() -> {
      fire.keying().receive(PlaneRig.SOMEWHERE, repeat, 0);
      return null;
    });
    clock.step(Duration.ofSeconds(7));
    rig.tick(fire);
    assertThat(fire.keying().running()).as("its repeat waits").hasSize(1);
    open.countDown();
    rig.settle();
    rig.tick(fire);
  }

  /// The pool's only thread is at work until the latch opens: what comes now waits.
  private CountDownLatch busyPool() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var open = new CountDownLatch(1);
    rig.pool.submit(
        "busy",
        "busy",
        () -> {
          begun.countDown();
          awaitQuietly(open);
        });
    begun.await();
    return open;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private byte[] aRepeatThatClaimsAnotherIndex(LabTalker talker, long index) throws Exception {
    clock.step(Duration.ofMillis(500));
    var t = parley.mikey.identity.NtpTimestamp.of(clock.instant());
    return talker
        .announcement()
        .seal(
            t,
            List.of(parley.mikey.group.CryptoSession.of(LabTalker.CS_ID, talker.ssrc(), index)),
            alice.member().signer(t),
            lab.random());
  }

  @Test
  void aListenerThatComesAfterAWrapIsSeededByTheRepeat() throws Exception {
    LabTalker talker = alice.talker(FIRE).from(0xfffeL);
    fire.start(talker);
    for (int n = 0; n < 4; n++) {
      forwards(talker, n);
    }
    try (PlaneRig late = new PlaneRig(lab, gateway)) {
      Group lateFire = late.group(FIRE).open();
      clock.step(Duration.ofMillis(500));
      byte[] repeat = talker.announce();
      lateFire.receive(repeat);
      assertThat(lateFire.ear.hear()).isEqualTo(repeat);
      byte[] packet = talker.packet(9);
      lateFire.send(packet);
      assertThat(lateFire.ear.hear()).isEqualTo(packet);
      lateFire.close();
    }
  }

  @Test
  void theSameAnnouncementTwiceIsDroppedSilently() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    byte[] announcement = talker.announce();
    fire.receive(announcement);
    fire.receive(announcement);
    assertThat(fire.ear.hear()).isEqualTo(announcement);
    assertThat(refused(Refusal.DUPLICATE)).isEqualTo(1);
    forwards(talker, 1);
  }

  @Test
  void afterARestartOnlyALaterTIsAcceptedAndTheBurstComesBackWithItsRepeat() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    byte[] before = talker.announce();
    fire.receive(before);
    fire.close();
    clock.step(Duration.ofMillis(5));
    fire = rig.group(FIRE).open();
    fire.receive(before);
    assertThat(refused(Refusal.BEFORE_RESTART)).isEqualTo(1);
    clock.step(Duration.ofMillis(500));
    fire.start(talker);
    forwards(talker, 1);
  }

  @Test
  void capturedMediaCannotBePlayedAgainBehindAHeldBackRepeat() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    fire.start(talker);
    byte[] captured = talker.packet(1);
    fire.send(captured);
    assertThat(fire.ear.hear()).isEqualTo(captured);
    clock.step(Duration.ofMillis(500));
    byte[] heldBack = talker.announce();
    byte[] bye = talker.bye();
    fire.send(bye);
    assertThat(fire.ear.hear()).isEqualTo(bye);
    rig.settle();
    assertThat(fire.keying().running()).isEmpty();
    clock.step(Duration.ofSeconds(30));
    fire.receive(heldBack);
    assertThat(fire.ear.hear()).isEqualTo(heldBack);
    fire.send(captured);
    forwards(talker, 2);
    assertThat(dropped(DropReason.TOMBSTONE)).isEqualTo(1);
  }

  @Test
  void threeMissedRepeatsEndABurstAndSilenceOfSpeechDoesNot() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    fire.start(talker);
    forwards(talker, 1);
    for (int i = 0; i < 5; i++) {
      clock.step(Duration.ofSeconds(2));
      fire.receive(talker.announce());
      fire.ear.hear();
      rig.tick(fire);
    }
    assertThat(fire.keying().running()).as("announced but silent").hasSize(1);
    clock.step(Duration.ofSeconds(7));
    rig.tick(fire);
    assertThat(fire.keying().running()).as("not announced").isEmpty();
  }

  @Test
  void whoMayNotTalkIsRefused() throws Exception {
    MemberList list =
        MemberList.of(List.of(new GroupMember(bob.identity(), java.util.Set.of(Permission.TALK))));
    fire.close();
    fire = rig.group(FIRE, GroupRoster.of(list), MediaTap.none()).open();
    clock.step(Duration.ofMillis(1));
    fire.receive(alice.talker(FIRE).announce());
    assertThat(refused(Refusal.NOT_PERMITTED)).isEqualTo(1);
    LabTalker permitted = bob.talker(FIRE);
    fire.start(permitted);
    forwards(permitted, 1);
  }

  @Test
  void aKnownCsbIdWithAnotherKeyIsRefusedAndTheBurstMarkedDisputed() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    fire.start(talker);
    byte[] claim = Claims.sameCsb(lab, talker, bob, gmk);
    fire.receive(claim);
    assertThat(refused(Refusal.CONFLICT)).isEqualTo(1);
    assertThat(rig.onLoop(() -> fire.keying().running().getFirst().isDisputed())).isTrue();
    forwards(talker, 1);
  }

  @Test
  void whoAnnouncesAnothersSessionKeyAsItsOwnCannotClaimTheVoice() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    byte[] claim = Claims.sameGsk(lab, talker, bob, gmk);
    fire.receive(claim);
    assertThat(fire.ear.hear()).isEqualTo(claim);
    fire.send(talker.packet(1));
    fire.receive(talker.announce());
    assertThat(refused(Refusal.CONFLICT)).as("SSRC and MKI are taken").isEqualTo(1);
    LabTalker again = talker.again();
    fire.start(again);
    forwards(again, 2);
    assertThat(dropped(DropReason.BAD_TAG)).as("another RAND gives other SRTP keys").isEqualTo(1);
  }

  @Test
  void aNewerGmkEndsBurstsUnderTheOlderOneAfterTheGraceTime() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    fire.start(talker);
    clock.step(Duration.ofSeconds(2));
    GroupMasterKey newer = lab.newGmk(FIRE);
    lab.distribute(newer, gateway);
    rig.tick(fire);
    clock.step(Duration.ofSeconds(2));
    fire.receive(talker.announce());
    fire.ear.hear();
    forwards(talker, 1);
    clock.step(Duration.ofSeconds(29));
    rig.tick(fire);
    assertThat(fire.keying().running()).as("grace is over").isEmpty();
    LabTalker excluded = alice.talker(FIRE);
    fire.receive(excluded.announce());
    assertThat(refused(Refusal.GMK_NOT_OPEN)).isEqualTo(1);
  }

  @Test
  void aReceiverThatIsAddedInMidBurstGetsTheRunningAnnouncement() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    byte[] announcement = talker.announce();
    fire.receive(announcement);
    assertThat(fire.ear.hear()).isEqualTo(announcement);
    try (var late = new parley.gateway.lab.LabEar()) {
      rig.onLoop(() -> {
        fire.keying().addRelay(parley.gateway.media.Leg.unicast(late.address()));
        return null;
      });
      assertThat(late.hear()).isEqualTo(announcement);
      byte[] packet = talker.packet(1);
      fire.send(packet);
      assertThat(late.hear()).isEqualTo(packet);
    }
  }

  @Test
  void aReceiverThatIsAddedAfterTheWindowGetsNoStaleAnnouncement() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    fire.start(talker);
    clock.step(Duration.ofSeconds(61));
    try (var late = new parley.gateway.lab.LabEar()) {
      rig.onLoop(() -> {
        fire.keying().addRelay(parley.gateway.media.Leg.unicast(late.address()));
        return null;
      });
      byte[] packet = talker.packet(1);
      fire.send(packet);
      assertThat(late.hear()).isEqualTo(packet);
    }
  }

  @Test
  void aTalkerWithoutMkiIsHeardOnlyWhereTheLegAllowsIt() throws Exception {
    fire.receive(alice.talker(FIRE).withoutMki().announce());
    assertThat(refused(Refusal.POLICY_NOT_ALLOWED)).isEqualTo(1);
    fire.close();
    fire =
        rig
        .new Group(
            FIRE,
            GroupRoster.withoutList(),
            List.of(LabTalker.GCM),
            MediaTap.none(),
            8,
            PlaneRig.LISTEN.withMkiOptional());
    fire.open();
    clock.step(Duration.ofMillis(10));
    LabTalker talker = alice.talker(FIRE).withoutMki();
    fire.start(talker);
    forwards(talker, 1);
    fire.receive(bob.talker(FIRE).withoutMki().ssrc(talker.ssrc()).announce());
    assertThat(refused(Refusal.CONFLICT)).as("one burst at a time per SSRC").isEqualTo(1);
    forwards(talker, 2);
  }

  @Test
  void aDoubledPathIsHeardOnce() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    fire.start(talker);
    byte[] packet = talker.packet(1);
    fire.send(packet);
    fire.send(packet);
    assertThat(fire.ear.hear()).isEqualTo(packet);
    forwards(talker, 2);
    assertThat(dropped(DropReason.REPLAYED)).isEqualTo(1);
  }
}
