package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.gateway.system.Town.text;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.GroupView.BurstView;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabListener;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.media.DropReason;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;

/// A muted talker is heard by the recorder alone, packet by packet, until he is unmuted.
class MuteTest {
  private static final String FIRE = "sip:fire@example.org";
  private static final String POLICE = "sip:police@example.org";
  private static final byte MIKEY = 1;

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private final Identity fireGroup = new Identity(FIRE);
  private final Identity policeGroup = new Identity(POLICE);
  private Lab lab;
  private LabMember self;
  private LabMember alice;
  private LabMember bob;
  private InetSocketAddress fire;
  private LabEar fireEar;
  private LabEar policeEar;
  private LabEar mouth;
  private LiveGateway gateway;

  @BeforeEach
  void setUp() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    self = lab.member("sip:gpe1@example.org");
    alice = lab.member("sip:alice@example.org");
    bob = lab.member("sip:bob@example.org");
    lab.group(FIRE, self, alice, bob);
    lab.group(POLICE, self, bob);
    fire = LiveGateway.free();
    fireEar = open.add(new LabEar());
    policeEar = open.add(new LabEar());
    mouth = open.add(new LabEar());
    gateway = open.add(new LiveGateway(lab, self, groups("")));
  }

  private String groups(String more) throws Exception {
    Path list =
        Files.writeString(
            folder.resolve("police.yaml"),
            "members:\n  - {identity: '%s', may: [relay]}\n".formatted(self.identity()));
    return """
    - {id: '%s', listen: [{unicast: '%s'}], relay: [{to: '%s'}, {group: '%s'}], record: {}%s}
    - {id: '%s', relay: [{to: '%s'}], members: '%s'}
    """
        .formatted(
            FIRE,
            text(fire),
            text(fireEar.address()),
            POLICE,
            more,
            POLICE,
            text(policeEar.address()),
            list);
  }

  private long muted(Identity group) {
    return gateway.gateway().plane(group).media().counters().dropped(DropReason.MUTED);
  }

  private void awaitPackets(LabTalker talker, long packets) throws Exception {
    Await.until(
        packets + " packets",
        () ->
            gateway.bursts(FIRE).stream()
                .anyMatch(b -> b.csbId() == talker.csbId() && b.packets() == packets));
  }

  @Test
  void nothingOfAMutedTalkerIsPassedOnEverythingIsCountedAndRecorded() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    mouth.send(talker.announce(), fire);
    assertThat(fireEar.hear()[0]).isEqualTo(MIKEY);
    LabListener carried = LabListener.of(bob, policeEar.hear());
    mouth.send(talker.packet(1), fire);
    fireEar.hear();
    assertThat(carried.payload(policeEar.hear())).isEqualTo(LabTalker.payload(1));

    gateway.control().mute(fireGroup, alice.identity());
    for (int n = 2; n <= 31; n++) {
      mouth.send(talker.packet(n), fire);
    }
    mouth.send(talker.announce(), fire);
    awaitPackets(talker, 31);
    Await.until(
        "the repeat is verified",
        () -> gateway.gateway().plane(fireGroup).keying().counters().repeats() == 1);
    assertThat(muted(fireGroup)).isEqualTo(30);
    assertThat(gateway.view(FIRE).muted()).containsExactly(alice.identity());
    assertThat(gateway.bursts(FIRE)).extracting(BurstView::muted).containsExactly(true);
    assertThat(fireEar.drain()).as("neither media nor announcements").isEmpty();

    gateway.control().unmute(fireGroup, alice.identity());
    byte[] again = fireEar.hear();
    assertThat(UnverifiedAnnouncement.read(again).csbId())
        .as("the announcement comes at once")
        .isEqualTo(talker.csbId());
    mouth.send(talker.packet(32), fire);
    assertThat(LabListener.of(bob, again).payload(fireEar.hear())).isEqualTo(LabTalker.payload(32));
    byte[] next = policeEar.hear();
    while (next[0] == MIKEY) {
      next = policeEar.hear();
    }
    assertThat(carried.payload(next)).as("nothing between").isEqualTo(LabTalker.payload(32));
    assertThat(muted(fireGroup)).isEqualTo(30);

    mouth.send(talker.bye(), fire);
    Await.until("the recording is closed", () -> gateway.recorder().closedRecordings() == 1);
    assertThat(gateway.recorded())
        .as("one recording")
        .singleElement()
        .satisfies(payloads -> {
          assertThat(payloads).hasSize(32);
          for (int n = 1; n <= 32; n++) {
            assertThat(payloads.get(n - 1)).isEqualTo(LabTalker.payload(n));
          }
        });
    assertThat(gateway.gateway().operations().mutes()).isEqualTo(1);
    assertThat(gateway.gateway().operations().unmutes()).isEqualTo(1);
  }

  @Test
  void aTalkerMutedBeforeHisBurstIsNotAnnouncedAndOthersAreHeard() throws Exception {
    gateway.control().mute(fireGroup, alice.identity());
    LabTalker talker = alice.talker(FIRE);
    mouth.send(talker.announce(), fire);
    gateway.awaitBurst(FIRE, talker.csbId());
    mouth.send(talker.packet(1), fire);
    awaitPackets(talker, 1);
    LabTalker other = bob.talker(FIRE);
    mouth.send(other.announce(), fire);
    assertThat(UnverifiedAnnouncement.read(fireEar.hear()).csbId())
        .as("the first that is heard")
        .isEqualTo(other.csbId());
    mouth.send(other.packet(1), fire);
    assertThat(fireEar.hear()[0]).isNotEqualTo(MIKEY);
    assertThat(muted(fireGroup)).isEqualTo(1);

    gateway.reload(groups(", max-talkers: 3"));
    assertThat(gateway.view(FIRE).muted())
        .as("outlives a reload")
        .containsExactly(alice.identity());
    gateway.control().unmute(fireGroup, alice.identity());
    assertThat(UnverifiedAnnouncement.read(fireEar.hear()).csbId()).isEqualTo(talker.csbId());
  }

  @Test
  void aTalkerIsMutedInTheGroupIntoWhichHeIsBridged() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    gateway.control().mute(policeGroup, alice.identity());
    mouth.send(talker.announce(), fire);
    gateway.awaitBurst(FIRE, talker.csbId());
    Await.until("it is carried", () -> gateway.bursts(POLICE).size() == 1);
    fireEar.hear();
    mouth.send(talker.packet(1), fire);
    assertThat(fireEar.hear()[0]).as("heard where he is not muted").isNotEqualTo(MIKEY);
    Await.until("counted", () -> muted(policeGroup) == 1);
    assertThat(muted(fireGroup)).isZero();
    assertThat(policeEar.drain()).isEmpty();
    gateway.control().unmute(policeGroup, alice.identity());
    LabListener listener = LabListener.of(bob, policeEar.hear());
    mouth.send(talker.packet(2), fire);
    byte[] next = policeEar.hear();
    while (next[0] == MIKEY) {
      next = policeEar.hear();
    }
    assertThat(listener.payload(next)).isEqualTo(LabTalker.payload(2));
  }

  @Test
  void anUnknownGroupIsRefused() {
    assertThatThrownBy(
            () -> gateway.control().mute(new Identity("sip:none@example.org"), alice.identity()))
        .isInstanceOfSatisfying(
            ControlRefused.class, e -> assertThat(e.kind()).isEqualTo(ControlRefused.Kind.UNKNOWN));
  }
}
