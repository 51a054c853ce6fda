package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.cli.Run;
import parley.gateway.lab.BothPaths;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabListener;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.media.DropReason;
import parley.gateway.record.RecordingExport;
import parley.gateway.record.RecordingSummary;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GroupManager;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GmkRefusal;
import parley.keys.member.GroupMembership;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.Refusal;
import parley.mikey.identity.Identity;

/// The whole system at once: keys from the KMS, GMKs from two managers over UDP, talkers by
/// multicast and unicast, listeners on an island, behind a unicast leg and in a bridged group,
/// recordings, admin pages, the log; and whoever lies is refused by reason.
@BothPaths
class SystemIT {
  private static final int PACKETS = 40;
  private static final byte MIKEY_VERSION = 0x01;

  /// How a talker reaches the gateway.
  private interface Mouth {
    void say(byte[] octets) throws IOException;
  }

  /// What one burst carried.
  private record Spoken(LabMember talker, List<byte[]> payloads) {}

  @TempDir Path folder;
  private final String io;
  private BurstLines log;
  private Town town;
  private AdminPages admin;
  private final List<Spoken> spoken = new ArrayList<>();
  private int saidOnIsland;
  private int saidAtDoor;
  private int heard;

  @SuppressWarnings("NullAway.Init")
  SystemIT(String io) {
    this.io = io;
  }

  @BeforeEach
  void start() throws Exception {
    log = BurstLines.capture();
    town = new Town(folder, io);
    admin = new AdminPages(town.admin.local());
  }

  @AfterEach
  void stop() {
    admin.close();
    town.close();
    log.close();
  }

  @Test
  void everyPartDoesItsJobWithTheOthers() throws Exception {
    isAliveButNotReady();
    GroupMasterKey gmk = deliver(town.fireManager, town.alice, town.bob, town.carol, town.mallory);
    deliver(town.jointManager, town.dave);
    isReady();
    speak(town.alice, this::onIsland);
    speak(town.bob, this::atDoor);
    refusesWhoLies(gmk);
    showsItsNumbers();
    tellsWhoSpoke();
    hasRecordedEverything();
  }

  private void onIsland(byte[] octets) throws IOException {
    town.talk.send(octets);
    saidOnIsland++;
  }

  private void atDoor(byte[] octets) throws IOException {
    town.mouth.send(octets, town.door);
    saidAtDoor++;
  }

  // ---- keys ----

  private void isAliveButNotReady() throws Exception {
    assertThat(admin.page("/healthz").statusCode()).isEqualTo(200);
    HttpResponse<String> readiness = admin.page("/readyz");
    assertThat(readiness.statusCode()).isEqualTo(503);
    assertThat(readiness.body()).contains("no GMK of " + Town.FIRE, "no GMK of " + Town.JOINT);
  }

  private void isReady() throws Exception {
    assertThat(admin.page("/readyz").statusCode()).isEqualTo(200);
    assertThat(admin.metric("parley_ready")).isEqualTo(1);
  }

  /// A new GMK for the group: one I_MESSAGE each, one receipt each.
  private GroupMasterKey deliver(GroupManager manager, LabMember... people) throws Exception {
    Instant now = Instant.now();
    GroupMasterKey gmk = manager.newGmk(now.minusSeconds(1), now.plusSeconds(3600));
    List<GmkMessage> messages = manager.distribute(gmk, now);
    assertThat(messages).hasSize(people.length + 1);
    for (GmkMessage message : messages) {
      byte[] receipt =
          message.ue().equals(Town.GATEWAY)
              ? receiptOfGateway(message.octets())
              : receiptOf(find(people, message.ue()), manager.group(), message.octets());
      assertThat(manager.confirm(receipt)).as("the receipt of " + message.ue()).isTrue();
    }
    assertThat(manager.distribute(gmk, now)).as("still to be delivered").isEmpty();
    return gmk;
  }

  private static LabMember find(LabMember[] people, Identity who) {
    return List.of(people).stream().filter(p -> p.identity().equals(who)).findFirst().orElseThrow();
  }

  private static byte[] receiptOf(LabMember member, Identity group, byte[] message)
      throws Exception {
    member.member().joinGroup(GroupMembership.of(group, member.member().homeKms().kmsUri()));
    return ((GmkAcceptance.Accepted) member.member().accept(message)).receipt();
  }

  /// A message that somebody touched is refused without an answer; the good one is answered.
  private byte[] receiptOfGateway(byte[] message) throws Exception {
    var counters = town.gateway.gmkCounters();
    long refused = counters.refused(GmkRefusal.BAD_SIGNATURE);
    town.mouth.send(Lies.touched(message), town.gateway.mikeyAddress());
    Await.until(
        "the touched GMK is refused",
        () -> counters.refused(GmkRefusal.BAD_SIGNATURE) == refused + 1);
    town.mouth.send(message, town.gateway.mikeyAddress());
    return town.mouth.hear();
  }

  // ---- media ----

  /// One burst from its announcement to its BYE, heard by everybody as it was said.
  private void speak(LabMember who, Mouth mouth) throws Exception {
    LabTalker talker = who.talker(Town.FIRE.uri());
    byte[] announcement = talker.announce();
    mouth.say(announcement);
    assertHeard(announcement);
    LabListener carol = LabListener.of(town.carol, announcement);
    LabListener dave = LabListener.of(town.dave, town.joint.hear());
    List<byte[]> payloads = new ArrayList<>();
    for (int n = 0; n < PACKETS; n++) {
      byte[] packet = talker.packet(n);
      mouth.say(packet);
      assertHeard(packet);
      assertThat(carol.payload(packet)).isEqualTo(LabTalker.payload(n));
      assertThat(dave.payload(media(town.joint))).isEqualTo(LabTalker.payload(n));
      payloads.add(LabTalker.payload(n));
    }
    byte[] bye = talker.bye();
    mouth.say(bye);
    assertHeard(bye);
    assertThat(dave.isBye(media(town.joint))).isTrue();
    spoken.add(new Spoken(who, payloads));
  }

  /// Octet for octet, and nothing else before it, on both legs of fire.
  private void assertHeard(byte[] octets) throws IOException {
    assertThat(town.unicast.hear()).isEqualTo(octets);
    assertThat(town.far.hear()).isEqualTo(octets);
    heard++;
  }

  /// The next packet behind the gateway's own repeats.
  private static byte[] media(LabEar ear) throws IOException {
    byte[] octets = ear.hear();
    while (octets[0] == MIKEY_VERSION) {
      octets = ear.hear();
    }
    return octets;
  }

  // ---- lies ----

  private void refusesWhoLies(GroupMasterKey gmk) throws Exception {
    LabTalker alice = town.alice.talker(Town.FIRE.uri());
    byte[] announcement = alice.announce();
    onIsland(announcement);
    assertHeard(announcement);
    byte[] first = alice.packet(0);
    onIsland(first);
    assertHeard(first);
    Identity name = town.alice.identity();
    assertRefused(Refusal.BAD_SIGNATURE, Lies.inTheNameOf(name, town.mallory, gmk));
    GroupMasterKey guess = Lies.guess(town.lab, gmk);
    assertRefused(Refusal.BAD_MAC, Lies.inTheNameOf(town.eve.identity(), town.eve, guess));
    assertRefused(Refusal.NOT_PERMITTED, town.carol.talker(Town.FIRE.uri()).announce());
    assertRefused(Refusal.DUPLICATE, announcement);
    byte[] second = alice.packet(1);
    assertDropped(DropReason.BAD_TAG, Lies.forged(second));
    assertDropped(DropReason.REPLAYED, first);
    assertDropped(DropReason.UNKNOWN_SSRC, town.mallory.talker(Town.FIRE.uri()).packet(0));
    onIsland(second);
    assertHeard(second);
    byte[] bye = alice.bye();
    onIsland(bye);
    assertHeard(bye);
    spoken.add(new Spoken(town.alice, List.of(LabTalker.payload(0), LabTalker.payload(1))));
  }

  private void assertRefused(Refusal reason, byte[] lie) throws Exception {
    String label = reason.name().toLowerCase(Locale.ROOT);
    assertCounted("parley_announcements_refused_total", label, lie);
  }

  private void assertDropped(DropReason reason, byte[] lie) throws Exception {
    assertCounted("parley_packets_dropped_total", reason.label(), lie);
  }

  /// Counted under this reason, once.
  private void assertCounted(String metric, String reason, byte[] lie) throws Exception {
    String[] labels = {"group=\"" + Town.FIRE + "\"", "reason=\"" + reason + "\""};
    assertThat(admin.metric(metric, labels)).as(reason + " before").isZero();
    onIsland(lie);
    Await.until(reason + " is counted", () -> admin.metric(metric, labels) == 1);
  }

  // ---- what the operator sees ----

  private void showsItsNumbers() throws Exception {
    String fire = "group=\"" + Town.FIRE + "\"";
    assertThat(packets("in", Town.text(town.talk.group()) + "%lo")).isEqualTo(saidOnIsland);
    assertThat(packets("in", Town.text(town.door))).isEqualTo(saidAtDoor);
    assertThat(packets("out", Town.text(town.unicast.address()))).isEqualTo(heard);
    assertThat(packets("out", Town.text(town.far.group()) + "%lo")).isEqualTo(heard);
    assertThat(packets("out", Town.text(town.joint.address())))
        .isGreaterThanOrEqualTo(2 * (1 + PACKETS + 1));
    assertThat(admin.metric("parley_announcements_accepted_total", fire)).isEqualTo(3);
    assertThat(admin.metric("parley_talkers", fire)).isZero();
    assertThat(admin.metric("parley_gmk_age_seconds", fire)).isBetween(0.0, 600.0);
    assertThat(admin.metric("parley_gmk_left_seconds", fire)).isBetween(3000.0, 3600.0);
    assertThat(admin.metric("parley_recorder_lost_total")).isZero();
    assertThat(admin.metric("parley_clock_offset_seconds")).isBetween(-10.0, 10.0);
  }

  private double packets(String direction, String leg) throws Exception {
    return admin.metric(
        "parley_packets_total", "direction=\"" + direction + "\"", "leg=\"" + leg + "\"");
  }

  /// A start and an end for each burst in each group, under the name that was verified.
  private void tellsWhoSpoke() {
    for (Spoken burst : spoken) {
      String talker = burst.talker().identity().uri();
      assertTold(Town.FIRE, talker, burst.payloads().size());
      assertTold(Town.JOINT, talker + " via " + Town.GATEWAY, burst.payloads().size());
    }
    assertThat(log.saying("talk burst started")).hasSize(2 * spoken.size());
    assertThat(log.saying("talk burst ended"))
        .hasSize(2 * spoken.size())
        .allSatisfy(line -> assertThat(line).containsEntry("reason", "BYE"));
    assertThat(log.neitherTextNorNumber()).isEmpty();
  }

  /// The BYE counts as a packet of its burst.
  private void assertTold(Identity group, String talker, int speech) {
    Map<String, String> named = Map.of("group", group.uri(), "talker", talker);
    assertThat(log.saying("talk burst started"))
        .anySatisfy(line -> assertThat(line).containsAllEntriesOf(named));
    assertThat(log.saying("talk burst ended"))
        .anySatisfy(line ->
            assertThat(line)
                .containsAllEntriesOf(named)
                .containsEntry("packets", String.valueOf(speech + 1)));
  }

  // ---- recordings ----

  private void hasRecordedEverything() throws Exception {
    Await.until(
        "all recordings are closed",
        () ->
            recordings().size() == 2 * spoken.size()
                && recordings().stream().allMatch(SystemIT::isClosed));
    for (Spoken burst : spoken) {
      String talker = burst.talker().identity().uri();
      assertRecorded(Town.FIRE, talker, burst.payloads());
      assertRecorded(Town.JOINT, talker + " via " + Town.GATEWAY, burst.payloads());
    }
    Run list = Run.of("recordings", "list", town.recordings());
    assertThat(list.exitCode()).isZero();
    assertThat(list.out()).contains(2 * spoken.size() + " recordings");
  }

  private List<Path> recordings() throws IOException {
    return Files.exists(town.recordings()) ? RecordingSummary.find(town.recordings()) : List.of();
  }

  private static boolean isClosed(Path recording) {
    return summary(recording).flatMap(RecordingSummary::endReason).isPresent();
  }

  private static Optional<RecordingSummary> summary(Path recording) {
    try {
      return Optional.of(RecordingSummary.read(recording));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// One recording of this speaker holds these payloads, in order, and no other.
  private void assertRecorded(Identity group, String speaker, List<byte[]> payloads)
      throws Exception {
    List<List<byte[]>> found = new ArrayList<>();
    try (Vault vault =
            Vault.openToRead(
                town.lab.vaultFile(Town.GATEWAY.uri()), VaultKey.keyFile(town.lab.keyFile()));
        RecordingKey key = vault.recordingKey()) {
      for (Path recording : recordings()) {
        var header = summary(recording).orElseThrow().header();
        if (header.group().equals(group) && header.speaker().equals(speaker)) {
          found.add(RecordingExport.payloads(recording, key));
        }
      }
    }
    assertThat(found).anySatisfy(is -> assertThat(is).containsExactlyElementsOf(payloads));
  }
}
