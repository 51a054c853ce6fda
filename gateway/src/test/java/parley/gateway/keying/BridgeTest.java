package parley.gateway.keying;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.keying.PlaneRig.Group;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabListener;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.lab.SteppingClock;
import parley.gateway.media.MediaTap;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.group.Refusal;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngines;
import parley.srtp.IvLedger;

/// Wire profile, section 6: talkers carried between groups by one gateway and by two, with every
/// packet that this gateway seals in one ledger of (key, IV).
class BridgeTest {
  private static final String FIRE = "sip:fire@example.org";
  private static final String POLICE = "sip:police@example.org";
  private static final MediaPolicy CM = new MediaPolicy(MediaSuite.AES_CM_128_HMAC_SHA1_80, false);

  @TempDir Path folder;
  private final SteppingClock clock = new SteppingClock(Instant.parse("2026-11-23T12:00:00Z"));
  private final IvLedger ledger = new IvLedger(CipherEngines.jce());
  private final List<AutoCloseable> open = new ArrayList<>();
  private Lab lab;
  private LabMember low;
  private LabMember high;
  private LabMember alice;
  private LabMember carol;
  private Side lowSide;

  /// One gateway that bridges both groups both ways.
  private final class Side {
    final PlaneRig rig;
    final Group fire;
    final Group police;

    Side(LabMember gateway) throws Exception {
      rig = new PlaneRig(lab, gateway, ledger, new LowestUriCoordinator(gateway.identity()));
      open.add(rig);
      fire = group(FIRE, LabTalker.GCM);
      police = group(POLICE, CM);
      fire.plane.keying().bridgeTo(police.plane.keying());
      police.plane.keying().bridgeTo(fire.plane.keying());
      fire.open();
      police.open();
    }

    private Group group(String uri, MediaPolicy policy) throws Exception {
      Group made = rig.new Group(uri, roster(), List.of(policy, LabTalker.GCM), MediaTap.none(), 8);
      open.add(made);
      return made;
    }
  }

  private GroupRoster roster() {
    Set<Permission> talk = Set.of(Permission.TALK, Permission.LISTEN);
    Set<Permission> relay = Set.of(Permission.RELAY);
    return GroupRoster.of(
        MemberList.of(
            List.of(
                new GroupMember(alice.identity(), talk),
                new GroupMember(carol.identity(), talk),
                new GroupMember(low.identity(), relay),
                new GroupMember(high.identity(), relay))));
  }

  @BeforeEach
  void setUp() throws Exception {
    lab = new Lab(folder, clock);
    low = lab.member("sip:gpe1@example.org");
    high = lab.member("sip:gpe2@example.org");
    alice = lab.member("sip:alice@example.org");
    carol = lab.member("sip:carol@example.org");
    lab.group(FIRE, low, high, alice);
    lab.group(POLICE, low, high, carol);
    lowSide = new Side(low);
    clock.step(Duration.ofSeconds(1));
  }

  @AfterEach
  void tearDown() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    lab.close();
  }

  private UnverifiedAnnouncement announcedIn(Group group) throws Exception {
    return UnverifiedAnnouncement.read(group.ear.hear());
  }

  @Test
  void carriesATalkerIntoAnotherGroupUnderAnotherProfileWithItsOrigin() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    lowSide.fire.start(talker);
    byte[] announcement = lowSide.police.ear.hear();
    BridgeOrigin origin = UnverifiedAnnouncement.read(announcement).origin();
    assertThat(origin)
        .isEqualTo(
            new BridgeOrigin(
                alice.identity(), new Identity(FIRE), talker.csbId(), List.of(low.identity())));
    LabListener listener = LabListener.of(carol, announcement);
    for (int n = 1; n <= 20; n++) {
      lowSide.fire.send(talker.packet(n));
      byte[] carried = lowSide.police.ear.hear();
      assertThat(listener.payload(carried)).isEqualTo(LabTalker.payload(n));
    }
    assertThat(ledger.size()).isEqualTo(20);
  }

  @Test
  void theFirstPacketsAreCarriedEvenWhenTheyComeTogetherWithTheAnnouncement() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    lowSide.fire.send(talker.announce());
    lowSide.fire.send(talker.packet(1));
    lowSide.fire.send(talker.packet(2));
    LabListener listener = LabListener.of(carol, lowSide.police.ear.hear());
    assertThat(listener.payload(lowSide.police.ear.hear())).isEqualTo(LabTalker.payload(1));
    assertThat(listener.payload(lowSide.police.ear.hear())).isEqualTo(LabTalker.payload(2));
  }

  @Test
  void lossAndRollOverSurviveTheBridgeAndALateListenerJoins() throws Exception {
    LabTalker talker = alice.talker(FIRE).from(0xfff0L);
    lowSide.fire.start(talker);
    LabListener listener = LabListener.of(carol, lowSide.police.ear.hear());
    long first = -1;
    for (int n = 0; n < 40; n++) {
      byte[] packet = talker.packet(n);
      if (n % 5 == 3) {
        continue;
      }
      lowSide.fire.send(packet);
      byte[] carried = lowSide.police.ear.hear();
      assertThat(listener.payload(carried)).isEqualTo(LabTalker.payload(n));
      first = first < 0 ? listener.index() : first;
      assertThat(listener.index() - first).as("packets lost before the bridge").isEqualTo(n);
    }
    clock.step(Duration.ofMillis(600));
    lowSide.rig.tick(lowSide.fire);
    lowSide.rig.settle();
    LabListener late = LabListener.of(carol, repeatHeard(lowSide.police));
    lowSide.fire.send(talker.packet(77));
    assertThat(late.payload(lowSide.police.ear.hear())).isEqualTo(LabTalker.payload(77));
  }

  private static byte[] repeatHeard(Group group) throws Exception {
    byte[] heard = group.ear.hear();
    assertThat(heard[0]).as("a MIKEY message").isEqualTo((byte) 1);
    return heard;
  }

  @Test
  void everyInboundCsbGetsAGskOfItsOwn() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    lowSide.fire.start(talker);
    UnverifiedAnnouncement one = announcedIn(lowSide.police);
    clock.step(Duration.ofMillis(100));
    lowSide.fire.start(talker.again());
    UnverifiedAnnouncement two = announcedIn(lowSide.police);
    assertThat(two.gskId()).isNotEqualTo(one.gskId());
    assertThat(two.csbId()).isNotEqualTo(one.csbId());
    assertThat(two.sessions().getFirst().ssrc()).isNotEqualTo(one.sessions().getFirst().ssrc());
  }

  @Test
  void aByeEndsTheCarriedBurstToo() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    lowSide.fire.start(talker);
    LabListener listener = LabListener.of(carol, lowSide.police.ear.hear());
    lowSide.fire.send(talker.packet(1));
    lowSide.police.ear.hear();
    lowSide.fire.send(talker.bye());
    assertThat(listener.isBye(lowSide.police.ear.hear())).isTrue();
    lowSide.rig.settle();
    assertThat(lowSide.rig.onLoop(() -> lowSide.police.keying().running())).isEmpty();
    assertThat(lowSide.rig.onLoop(() -> lowSide.fire.keying().running())).isEmpty();
  }

  @Test
  void withoutTheRelayPermissionNothingIsCarried() throws Exception {
    try (PlaneRig rig = new PlaneRig(lab, low)) {
      Group fire = rig.group(FIRE);
      Group police = rig.group(POLICE);
      fire.plane.keying().bridgeTo(police.plane.keying());
      fire.open();
      police.open();
      clock.step(Duration.ofMillis(10));
      fire.start(alice.talker(FIRE));
      assertThat(rig.onLoop(() -> police.keying().running())).isEmpty();
      fire.close();
      police.close();
    }
  }

  @Test
  void aNewGmkInTheDestinationGivesTheCarriedBurstAFreshCsb() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    lowSide.fire.start(talker);
    UnverifiedAnnouncement before = announcedIn(lowSide.police);
    clock.step(Duration.ofMillis(200));
    GroupMasterKey newer = lab.newGmk(POLICE);
    lab.distribute(newer, low, carol);
    lowSide.rig.tick(lowSide.police);
    lowSide.rig.tick(lowSide.fire);
    lowSide.rig.settle();
    byte[] fresh = lowSide.police.ear.hear();
    UnverifiedAnnouncement after = UnverifiedAnnouncement.read(fresh);
    assertThat(after.gmkId()).isEqualTo(newer.gmkId()).isNotEqualTo(before.gmkId());
    LabListener listener = LabListener.of(carol, fresh);
    lowSide.fire.send(talker.packet(5));
    assertThat(listener.payload(lowSide.police.ear.hear())).isEqualTo(LabTalker.payload(5));
  }

  @Test
  void twoGatewaysThatBridgeThePairMakeNoEcho() throws Exception {
    Side highSide = new Side(high);
    clock.step(Duration.ofMillis(10));
    LabTalker talker = alice.talker(FIRE);
    byte[] announcement = talker.announce();
    lowSide.fire.receive(announcement);
    lowSide.fire.ear.hear();
    byte[] carried = lowSide.police.ear.hear();
    highSide.police.receive(carried);
    assertThat(highSide.police.ear.hear()).isEqualTo(carried);
    assertThat(highSide.rig.onLoop(() -> highSide.fire.keying().running()))
        .as("not carried back to where it was spoken")
        .isEmpty();
  }

  @Test
  void theDestinationHearsOneOfTwoGateways() throws Exception {
    Side highSide = new Side(high);
    clock.step(Duration.ofMillis(10));
    byte[] announcement = alice.talker(FIRE).announce();
    lowSide.fire.receive(announcement);
    highSide.fire.receive(announcement);
    byte[] byLow = lowSide.police.ear.hear();
    byte[] byHigh = highSide.police.ear.hear();
    lowSide.police.receive(byHigh);
    assertThat(lowSide.police.keying().counters().refused(Refusal.LOOP)).isEqualTo(1);
    highSide.police.receive(byLow);
    assertThat(highSide.police.keying().counters().yielded()).isEqualTo(1);
    List<RunningBurst> heard = highSide.rig.onLoop(() -> highSide.police.keying().running());
    assertThat(heard)
        .singleElement()
        .satisfies(b -> assertThat(b.burst.talker()).isEqualTo(low.identity()));
  }

  @Test
  void theGatewayOnStandbyTakesOverWhenTheOtherStaysSilent() throws Exception {
    Side highSide = new Side(high);
    clock.step(Duration.ofMillis(10));
    LabTalker talker = alice.talker(FIRE);
    byte[] announcement = talker.announce();
    lowSide.fire.receive(announcement);
    highSide.fire.receive(announcement);
    highSide.police.ear.hear();
    highSide.police.receive(lowSide.police.ear.hear());
    highSide.police.ear.hear();
    for (int i = 0; i < 4; i++) {
      clock.step(Duration.ofSeconds(2));
      highSide.fire.receive(talker.announce());
      highSide.rig.tick(highSide.police);
      highSide.rig.tick(highSide.fire);
    }
    clock.step(Carrier.PATIENCE.plusMillis(10));
    highSide.rig.tick(highSide.fire);
    highSide.rig.settle();
    UnverifiedAnnouncement takenOver = announcedIn(highSide.police);
    assertThat(takenOver.talker()).isEqualTo(high.identity());
    assertThat(takenOver.origin()).extracting(BridgeOrigin::talker).isEqualTo(alice.identity());
  }

  @Test
  void aPathOfFourGatewaysGoesNoFurther() throws Exception {
    Identity one = new Identity("sip:a1@example.org");
    Identity two = new Identity("sip:a2@example.org");
    Identity three = new Identity("sip:a3@example.org");
    byte[] carried =
        Claims.carried(
            lab,
            high,
            lab.member(POLICE).identity(),
            high.member().sendingGmk(new Identity(POLICE)).orElseThrow(),
            new BridgeOrigin(
                new Identity("sip:dora@example.org"),
                new Identity("sip:coast@example.org"),
                77,
                List.of(one, two, three, high.identity())));
    lowSide.police.receive(carried);
    assertThat(lowSide.police.ear.hear()).isEqualTo(carried);
    assertThat(lowSide.rig.onLoop(() -> lowSide.fire.keying().running())).isEmpty();
  }

  @Test
  void manyBurstsWithOneSsrcAndWrapsNeverUseAKeyAndIvTwice() throws Exception {
    int ssrc = 0x01020304;
    int sealed = 0;
    for (int burst = 0; burst < 25; burst++) {
      clock.step(Duration.ofMillis(50));
      for (LabMember member : List.of(alice, carol)) {
        boolean isAlice = member.equals(alice);
        Group in = isAlice ? lowSide.fire : lowSide.police;
        Group out = isAlice ? lowSide.police : lowSide.fire;
        LabTalker talker =
            member.talker(isAlice ? FIRE : POLICE).policy(LabTalker.GCM).ssrc(ssrc).from(0xfffcL);
        in.start(talker);
        out.ear.hear();
        for (int n = 0; n < 8; n++) {
          in.send(talker.packet(n));
          in.ear.hear();
          out.ear.hear();
          sealed++;
        }
      }
    }
    assertThat(ledger.size()).isEqualTo(sealed);
  }
}
