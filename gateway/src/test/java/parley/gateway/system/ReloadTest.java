package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.system.Town.text;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.GroupView.BurstView;
import parley.gateway.admin.GroupView.LegView;
import parley.gateway.admin.ReloadReport;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabListener;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.media.DropReason;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.group.Refusal;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;

/// A running gateway becomes what its file says: what is the same in both does not notice.
class ReloadTest {
  private static final String FIRE = "sip:fire@example.org";
  private static final String POLICE = "sip:police@example.org";
  private static final byte MIKEY = 1;

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private Lab lab;
  private LabMember self;
  private LabMember alice;
  private LabMember bob;
  private InetSocketAddress fire;
  private InetSocketAddress police;
  private LabEar fireEar;
  private LabEar policeEar;
  private LabEar mouth;

  @BeforeEach
  void setUp() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    self = lab.member("sip:gpe1@example.org");
    alice = lab.member("sip:alice@example.org");
    bob = lab.member("sip:bob@example.org");
    lab.group(FIRE, self, alice, bob);
    lab.group(POLICE, self, bob);
    fire = LiveGateway.free();
    police = LiveGateway.free();
    fireEar = open.add(new LabEar());
    policeEar = open.add(new LabEar());
    mouth = open.add(new LabEar());
  }

  private LiveGateway start(String groups) throws Exception {
    return open.add(new LiveGateway(lab, self, groups));
  }

  /// One entry of `groups`; `more` are further settings.
  private static String group(
      String id, List<InetSocketAddress> listen, List<String> relay, String more) {
    List<String> legs = listen.stream().map(a -> "{unicast: '" + text(a) + "'}").toList();
    return "- {id: '%s', listen: [%s], relay: [%s]%s}\n"
        .formatted(id, String.join(", ", legs), String.join(", ", relay), more);
  }

  private static String to(LabEar ear) {
    return "{to: '" + text(ear.address()) + "'}";
  }

  private static String bridge(String group) {
    return "{group: '" + group + "'}";
  }

  private String fireGroup() {
    return group(FIRE, List.of(fire), List.of(to(fireEar)), "");
  }

  private String policeGroup() {
    return group(POLICE, List.of(police), List.of(to(policeEar)), "");
  }

  private Path members(String... lines) throws Exception {
    StringBuilder yaml = new StringBuilder("members:\n");
    for (String line : lines) {
      yaml.append("  - ").append(line).append('\n');
    }
    return Files.writeString(folder.resolve("members.yaml"), yaml);
  }

  private static String may(LabMember who, String what) {
    return "{identity: '%s', may: [%s]}".formatted(who.identity(), what);
  }

  private void begin(LiveGateway gateway, String group, LabTalker talker, InetSocketAddress to)
      throws Exception {
    mouth.send(talker.announce(), to);
    gateway.awaitBurst(group, talker.csbId());
  }

  @Test
  void anUnchangedGroupLosesNoPacketAndKeepsItsBurstOverTwentyReloads() throws Exception {
    String unchanged = group(FIRE, List.of(fire), List.of(to(fireEar)), ", record: {}");
    LiveGateway gateway = start(unchanged + policeGroup());
    LabTalker talker = alice.talker(FIRE);
    LabEar late = open.add(new LabEar());
    try (Traffic traffic = new Traffic(talker, fire, fireEar)) {
      BurstView before = gateway.bursts(FIRE).getFirst();
      for (int round = 0; round < 20; round++) {
        traffic.flow(50);
        String other =
            switch (round % 4) {
              case 0 -> group(POLICE, List.of(police), List.of(to(policeEar), to(late)), "");
              case 1 -> "";
              case 2 ->
                  group(POLICE, List.of(police), List.of(to(late)), ", window: 30s, grace: 5s");
              default -> policeGroup();
            };
        ReloadReport report = gateway.reload(unchanged + other);
        assertThat(report.unchanged()).containsExactly(new Identity(FIRE));
        assertThat(report.changes()).isNotEmpty();
      }
      int sent = traffic.stop();
      BurstView after = gateway.bursts(FIRE).getFirst();
      assertThat(after.csbId()).isEqualTo(before.csbId()).isEqualTo(talker.csbId());
      assertThat(after.startedAt()).isEqualTo(before.startedAt());
      assertThat(after.packets()).isEqualTo(sent).isEqualTo(traffic.heard()).isGreaterThan(999);
      for (DropReason reason : DropReason.values()) {
        assertThat(gateway.gateway().plane(new Identity(FIRE)).media().counters().dropped(reason))
            .as("dropped: %s", reason)
            .isZero();
      }
      assertThat(gateway.gateway().operations().reloads()).isEqualTo(20);
    }
    gateway.close();
    assertThat(gateway.recorded())
        .as("one recording, not cut")
        .singleElement()
        .satisfies(payloads -> assertThat(payloads).hasSizeGreaterThan(999));
  }

  @Test
  void aRelayLegAddedMidBurstHearsTheAnnouncementAndTheMediaAtOnce() throws Exception {
    LiveGateway gateway = start(fireGroup());
    LabTalker talker = alice.talker(FIRE);
    begin(gateway, FIRE, talker, fire);
    mouth.send(talker.packet(1), fire);
    ReloadReport report =
        gateway.reload(group(FIRE, List.of(fire), List.of(to(fireEar), to(policeEar)), ""));
    assertThat(report.changed()).containsExactly(new Identity(FIRE));
    assertThat(report.changes())
        .containsExactly(FIRE + ": relay to " + text(policeEar.address()) + " added");
    LabListener late = LabListener.of(bob, policeEar.hear());
    mouth.send(talker.packet(2), fire);
    assertThat(late.payload(policeEar.hear())).isEqualTo(LabTalker.payload(2));
    assertThat(fireEar.hear(3)).as("announcement and both packets").hasSize(3);
  }

  @Test
  void aListeningLegIsTakenOutAndTheOtherHearsOn() throws Exception {
    InetSocketAddress second = LiveGateway.free();
    LiveGateway gateway = start(group(FIRE, List.of(fire, second), List.of(to(fireEar)), ""));
    LabTalker talker = alice.talker(FIRE);
    begin(gateway, FIRE, talker, second);
    fireEar.hear();
    gateway.reload(group(FIRE, List.of(second), List.of(to(fireEar)), ""));
    try (var free = new DatagramSocket(fire)) {
      assertThat(free.isBound()).as("its port is free").isTrue();
    }
    mouth.send(talker.packet(1), second);
    assertThat(fireEar.hear()[0]).as("media").isNotEqualTo(MIKEY);
    assertThat(gateway.view(FIRE).legs())
        .extracting(LegView::name, LegView::direction)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(text(second), "in"),
            org.assertj.core.groups.Tuple.tuple(text(fireEar.address()), "out"));
    assertThat(gateway.bursts(FIRE))
        .singleElement()
        .satisfies(b -> {
          assertThat(b.csbId()).isEqualTo(talker.csbId());
          assertThat(b.packets()).isEqualTo(1);
        });
  }

  @Test
  void whoIsTakenOffTheMembersListLosesItsBurstAndNobodyElse() throws Exception {
    Path list = members(may(alice, "talk, listen"), may(bob, "talk, listen"));
    String group = group(FIRE, List.of(fire), List.of(to(fireEar)), ", members: '" + list + "'");
    LiveGateway gateway = start(group);
    LabTalker byAlice = alice.talker(FIRE);
    LabTalker byBob = bob.talker(FIRE);
    begin(gateway, FIRE, byAlice, fire);
    begin(gateway, FIRE, byBob, fire);
    members(may(alice, "listen"), may(bob, "talk, listen"));
    ReloadReport report = gateway.reload(group);
    assertThat(report.changes()).containsExactly(FIRE + ": members changed");
    assertThat(gateway.bursts(FIRE)).extracting(BurstView::csbId).containsExactly(byBob.csbId());
    mouth.send(byAlice.announce(), fire);
    Await.until(
        "the repeat is refused",
        () ->
            gateway
                    .gateway()
                    .plane(new Identity(FIRE))
                    .keying()
                    .counters()
                    .refused(Refusal.NOT_PERMITTED)
                == 1);
  }

  @Test
  void aReloadWithErrorsNamesEachAndChangesNothing() throws Exception {
    LiveGateway gateway = start(fireGroup() + policeGroup());
    LabTalker talker = alice.talker(FIRE);
    begin(gateway, FIRE, talker, fire);
    ControlRefused wrong =
        gateway.refused(
            group(FIRE, List.of(fire), List.of(to(policeEar)), ", max-talkers: none")
                + group(POLICE, List.of(police), List.of(), ", colour: blue"));
    assertThat(wrong.kind()).isEqualTo(ControlRefused.Kind.INVALID);
    assertThat(wrong.getMessage()).contains("2 settings are wrong").doesNotContain("\n");
    assertThat(wrong.findings()).hasSize(2);
    assertThat(wrong.findings().get(0)).contains("groups[0].max-talkers").contains("line");
    assertThat(wrong.findings().get(1)).contains("groups[1].colour");
    assertThat(gateway.bursts(FIRE)).extracting(BurstView::csbId).containsExactly(talker.csbId());
    assertThat(gateway.view(FIRE).legs())
        .extracting(LegView::name)
        .containsExactly(text(fire), text(fireEar.address()));

    Path list = members("{identity: 'sip:carol@example.org', may: [shout]}");
    ControlRefused members =
        gateway.refused(
            group(FIRE, List.of(fire), List.of(), ", members: '" + list + "'") + policeGroup());
    assertThat(members.kind()).isEqualTo(ControlRefused.Kind.INVALID);
    assertThat(members.findings()).singleElement().asString().contains("shout");
    assertThat(gateway.gateway().operations().refusedReloads()).isEqualTo(2);
    assertThat(gateway.gateway().operations().reloads()).isZero();
  }

  @Test
  void aPortInUseRefusesTheWholeReload() throws Exception {
    LiveGateway gateway = start(fireGroup());
    InetSocketAddress second = LiveGateway.free();
    try (var taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String occupied = "127.0.0.1:" + taken.getLocalPort();
      ControlRefused refused =
          gateway.refused(
              group(FIRE, List.of(fire, second), List.of(to(policeEar)), "")
                  + "- {id: '%s', listen: [{unicast: '%s'}]}\n".formatted(POLICE, occupied));
      assertThat(refused.kind()).isEqualTo(ControlRefused.Kind.UNAVAILABLE);
      assertThat(refused.getMessage()).contains(occupied).contains("in use");
    }
    assertThat(gateway.control().groups()).extracting(g -> g.id().uri()).containsExactly(FIRE);
    assertThat(gateway.view(FIRE).legs())
        .extracting(LegView::name)
        .containsExactly(text(fire), text(fireEar.address()));
    Await.until(
        "the port that was opened for it is free again",
        () -> {
          try (var free = new DatagramSocket(second)) {
            return free.isBound();
          } catch (java.net.BindException _) {
            return false;
          }
        });
    begin(gateway, FIRE, alice.talker(FIRE), fire);
    assertThat(fireEar.hear()[0]).isEqualTo(MIKEY);
  }

  @Test
  void whatOnlyARestartCanChangeIsNamed() throws Exception {
    LiveGateway gateway = start(fireGroup());
    gateway.writeWhole(
        gateway
            .whole()
            .replace(
                "mikey: {listen: 127.0.0.1:0}", "mikey: {listen: 127.0.0.1:2, http: 127.0.0.1:3}")
            .replace("loops: 2", "loops: 3"));
    ControlRefused refused = gateway.refused();
    assertThat(refused.kind()).isEqualTo(ControlRefused.Kind.CONFLICT);
    assertThat(refused.findings()).hasSize(3);
    assertThat(refused.getMessage())
        .contains("mikey.listen")
        .contains("mikey.http")
        .contains("media.loops")
        .contains("restart");
  }

  @Test
  void aPortIsNotHandedFromOneGroupToAnotherInOneStep() throws Exception {
    LiveGateway gateway = start(fireGroup());
    String moved = group(POLICE, List.of(fire), List.of(), "");
    ControlRefused refused = gateway.refused(moved);
    assertThat(refused.kind()).isEqualTo(ControlRefused.Kind.CONFLICT);
    assertThat(refused.findings()).singleElement().asString().contains(FIRE).contains(POLICE);
    gateway.reload(policeGroup());
    assertThat(gateway.reload(moved).changed()).containsExactly(new Identity(POLICE));
    begin(gateway, POLICE, bob.talker(POLICE), fire);
  }

  @Test
  void aGroupIsAddedWithItsMembershipAndItsManagersFolderAndRemovedAgain() throws Exception {
    LiveGateway gateway = start(fireGroup());
    String coast = "sip:coast@example.org";
    Path manager = Files.createDirectory(folder.resolve("coast"));
    InetSocketAddress listen = LiveGateway.free();
    String added =
        group(coast, List.of(listen), List.of(to(policeEar)), ", manager: 'file:" + manager + "'");
    ReloadReport report = gateway.reload(fireGroup() + added);
    assertThat(report.added()).containsExactly(new Identity(coast));
    assertThat(gateway.gateway().status().readiness().missing())
        .singleElement()
        .asString()
        .contains(coast);

    GroupMasterKey gmk = lab.newGmk(coast);
    lab.distribute(gmk, bob);
    Files.write(manager.resolve("gpe1.mikey"), lab.iMessageTo(gmk, self.identity().uri()));
    Await.until("the GMK comes by file", () -> gateway.gateway().status().readiness().isReady());
    assertThat(gateway.view(coast).gmks())
        .singleElement()
        .satisfies(k -> {
          assertThat(k.gmkId()).isEqualTo(gmk.gmkId());
          assertThat(k.state()).isEqualTo("current");
        });
    LabTalker talker = bob.talker(coast);
    begin(gateway, coast, talker, listen);
    assertThat(policeEar.hear()[0]).isEqualTo(MIKEY);

    assertThat(gateway.reload(fireGroup()).removed()).containsExactly(new Identity(coast));
    try (var free = new DatagramSocket(listen)) {
      assertThat(free.isBound()).isTrue();
    }
    gateway.reload(fireGroup() + added);
    assertThat(gateway.gateway().status().readiness().isReady()).as("the GMK was kept").isTrue();
    begin(gateway, coast, talker, listen);
    assertThat(gateway.gateway().plane(new Identity(coast)).keying().counters().accepted())
        .as("goes on counting where it stopped")
        .isEqualTo(2);
  }

  @Test
  void aNewBridgeCarriesTheBurstThatRunsAndATakenOneEndsIt() throws Exception {
    Path list = members(may(bob, "talk, listen"), may(self, "listen, relay"));
    String police =
        group(POLICE, List.of(this.police), List.of(to(policeEar)), ", members: '" + list + "'");
    LiveGateway gateway = start(fireGroup() + police);
    LabTalker talker = alice.talker(FIRE);
    try (Traffic traffic = new Traffic(talker, fire, fireEar)) {
      traffic.flow(20);
      String bridged = group(FIRE, List.of(fire), List.of(to(fireEar), bridge(POLICE)), "");
      ReloadReport report = gateway.reload(bridged + police);
      assertThat(report.changes())
          .contains(FIRE + ": bridge to " + POLICE + " added")
          .anyMatch(change -> change.startsWith(POLICE) && change.contains("interrupted"));
      byte[] announcement = policeEar.hear();
      UnverifiedAnnouncement carried = UnverifiedAnnouncement.read(announcement);
      assertThat(carried.talker()).isEqualTo(self.identity());
      assertThat(carried.origin()).isNotNull();
      LabListener listener = LabListener.of(bob, announcement);
      byte[] heard = policeEar.hear();
      while (heard[0] == MIKEY) {
        heard = policeEar.hear();
      }
      assertThat(listener.payload(heard)).as("opens").hasSize(8);
      assertThat(gateway.bursts(POLICE))
          .singleElement()
          .satisfies(b -> {
            assertThat(b.own()).isTrue();
            assertThat(b.speaker())
                .contains(alice.identity().uri())
                .contains(self.identity().uri());
          });
      traffic.flow(20);

      gateway.reload(fireGroup() + police);
      assertThat(gateway.bursts(POLICE)).isEmpty();
      traffic.flow(20);
      int sent = traffic.stop();
      assertThat(gateway.bursts(FIRE).getFirst().packets()).as("never interrupted").isEqualTo(sent);
    }
  }

  @Test
  void recordingBeginsAndEndsInTheMiddleOfABurst() throws Exception {
    String recorded = group(FIRE, List.of(fire), List.of(to(fireEar)), ", record: {}");
    String police = group(POLICE, List.of(this.police), List.of(), ", record: {}");
    LiveGateway gateway = start(fireGroup() + police);
    try (Traffic traffic = new Traffic(alice.talker(FIRE), fire, fireEar)) {
      traffic.flow(20);
      gateway.reload(recorded + police);
      traffic.flow(60);
      gateway.reload(fireGroup() + police);
      traffic.flow(20);
      int sent = traffic.stop();
      Await.until("the recording is closed", () -> gateway.recorder().closedRecordings() == 1);
      List<byte[]> payloads = gateway.recorded().getFirst();
      assertThat(payloads).hasSizeBetween(40, sent - 20);
      int first = ByteBuffer.wrap(payloads.getFirst()).getInt(4);
      for (int i = 0; i < payloads.size(); i++) {
        assertThat(payloads.get(i)).as("none is missing").isEqualTo(LabTalker.payload(first + i));
      }
    }
  }

  @Test
  void aProfileTakenOffTheListIsRefusedToNewBurstsOnly() throws Exception {
    String both = ", profiles: [AEAD_AES_128_GCM, AES_CM_128_HMAC_SHA1_80]";
    LiveGateway gateway = start(group(FIRE, List.of(fire), List.of(to(fireEar)), both));
    MediaPolicy cm = new MediaPolicy(MediaSuite.AES_CM_128_HMAC_SHA1_80, false);
    LabTalker talker = alice.talker(FIRE).policy(cm);
    begin(gateway, FIRE, talker, fire);
    gateway.reload(fireGroup());
    var counters = gateway.gateway().plane(new Identity(FIRE)).keying().counters();
    mouth.send(talker.announce(), fire);
    Await.until("the repeat passes", () -> counters.repeats() == 1);
    mouth.send(bob.talker(FIRE).policy(cm).announce(), fire);
    Await.until(
        "the new burst is refused", () -> counters.refused(Refusal.POLICY_NOT_ALLOWED) == 1);
    assertThat(gateway.bursts(FIRE))
        .singleElement()
        .satisfies(b -> assertThat(b.profile()).isEqualTo("AES_CM_128_HMAC_SHA1_80"));
  }

  @Test
  void reloadsFromManySidesTakeTurnsWhilePacketsPass() throws Exception {
    LiveGateway gateway = start(fireGroup() + policeGroup());
    ExecutorService sides = Executors.newFixedThreadPool(3);
    try (Traffic traffic = new Traffic(alice.talker(FIRE), fire, fireEar)) {
      gateway.write(fireGroup());
      Callable<ReloadReport> reload = gateway.control()::reload;
      List<Future<ReloadReport>> reports = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        reports.add(sides.submit(reload));
      }
      int removals = 0;
      for (Future<ReloadReport> report : reports) {
        removals += report.get(30, TimeUnit.SECONDS).removed().size();
        gateway.control().groups();
      }
      assertThat(removals).as("done once").isEqualTo(1);
      traffic.flow(100);
      assertThat(traffic.stop()).isEqualTo(traffic.heard());
    } finally {
      sides.shutdownNow();
    }
  }
}
