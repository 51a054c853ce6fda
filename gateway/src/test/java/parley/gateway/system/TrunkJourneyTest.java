package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.system.Town.text;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabListener;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.media.LegCounters;
import parley.gateway.media.TrunkCounters;

/// Two gateways with one trunk between them: talkers of all its groups are heard behind the second,
/// and not sent back.
class TrunkJourneyTest {
  private static final List<String> GROUPS =
      List.of("sip:fire@example.org", "sip:police@example.org", "sip:rescue@example.org");
  private static final int PACKETS = 40;

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private Lab lab;
  private LabMember west;
  private LabMember east;
  private LabMember alice;
  private LabMember carol;
  private LabEar mouth;
  private final List<InetSocketAddress> doors = new ArrayList<>();
  private final List<LabEar> ears = new ArrayList<>();
  private InetSocketAddress toEast;
  private InetSocketAddress toWest;

  @BeforeEach
  void setUp() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    west = lab.member("sip:gpe1@example.org");
    east = lab.member("sip:gpe2@example.org");
    alice = lab.member("sip:alice@example.org");
    carol = lab.member("sip:carol@example.org");
    mouth = open.add(new LabEar());
    toEast = LiveGateway.free();
    toWest = LiveGateway.free();
    for (String group : GROUPS) {
      lab.group(group, west, east, alice, carol);
      doors.add(LiveGateway.free());
      ears.add(open.add(new LabEar()));
    }
  }

  /// The west hears talkers by unicast and the trunk, and relays to the trunk alone.
  private String westGroup(int group) {
    return "- {id: '%s', listen: [{unicast: '%s'}, {trunk: '%s'}], relay: [{trunk: '%s'}]}\n"
        .formatted(GROUPS.get(group), text(doors.get(group)), text(toWest), text(toEast));
  }

  /// The east hears the trunk, and relays to a terminal and back to the west.
  private String eastGroup(int group) {
    return "- {id: '%s', listen: [{trunk: '%s'}], relay: [{to: '%s'}, {trunk: '%s'}]}\n"
        .formatted(GROUPS.get(group), text(toEast), text(ears.get(group).address()), text(toWest));
  }

  private void speak(int group, LabTalker talker, LiveGateway by, LiveGateway heardBy)
      throws Exception {
    mouth.send(talker.announce(), doors.get(group));
    by.awaitBurst(GROUPS.get(group), talker.csbId());
    heardBy.awaitBurst(GROUPS.get(group), talker.csbId());
  }

  private void expect(int group, LabTalker talker, int from, int to) throws Exception {
    LabListener listener = LabListener.of(carol, ears.get(group).hear());
    for (int i = from; i < to; i++) {
      mouth.send(talker.packet(i), doors.get(group));
    }
    for (int i = from; i < to; i++) {
      listener.payload(ears.get(group).hear());
    }
  }

  @Test
  void talkersOfAllGroupsAreHeardBehindTheSecondGatewayAndNotSentBack() throws Exception {
    LiveGateway first =
        open.add(new LiveGateway(lab, west, westGroup(0) + westGroup(1) + westGroup(2)));
    LiveGateway second =
        open.add(new LiveGateway(lab, east, eastGroup(0) + eastGroup(1) + eastGroup(2)));
    List<LabTalker> talkers = new ArrayList<>();
    for (int group = 0; group < GROUPS.size(); group++) {
      talkers.add(alice.talker(GROUPS.get(group)));
      speak(group, talkers.get(group), first, second);
      expect(group, talkers.get(group), 0, PACKETS);
    }
    assertThat(trunk(second, LegCounters.Direction.IN).frames())
        .as("an announcement and media of each group")
        .isEqualTo(GROUPS.size() * (PACKETS + 1L));
    assertThat(trunk(second, LegCounters.Direction.OUT).frames()).as("nothing goes back").isZero();
    assertThat(trunk(first, LegCounters.Direction.IN).frames()).isZero();
    assertThat(first.view(GROUPS.getFirst()).legs())
        .extracting(leg -> leg.name())
        .contains("trunk " + text(toWest), "trunk " + text(toEast));
  }

  @Test
  void aGroupThatAReloadBringsJoinsTheTrunkAndTheOthersLoseNothing() throws Exception {
    LiveGateway first = open.add(new LiveGateway(lab, west, westGroup(0) + westGroup(1)));
    LiveGateway second = open.add(new LiveGateway(lab, east, eastGroup(0)));
    LabTalker fire = alice.talker(GROUPS.get(0));
    speak(0, fire, first, second);
    expectAndKeepSpeaking(first, second, fire);
  }

  private void expectAndKeepSpeaking(LiveGateway first, LiveGateway second, LabTalker fire)
      throws Exception {
    LabListener listener = LabListener.of(carol, ears.getFirst().hear());
    for (int i = 0; i < PACKETS; i++) {
      mouth.send(fire.packet(i), doors.getFirst());
      if (i == PACKETS / 2) {
        assertThat(second.reload(eastGroup(0) + eastGroup(1)).unchanged()).hasSize(1);
      }
    }
    for (int i = 0; i < PACKETS; i++) {
      listener.payload(ears.getFirst().hear());
    }
    LabTalker police = alice.talker(GROUPS.get(1));
    speak(1, police, first, second);
    expect(1, police, 0, PACKETS);
    second.reload(eastGroup(1));
    for (int i = PACKETS; i < 2 * PACKETS; i++) {
      mouth.send(police.packet(i), doors.get(1));
    }
    ears.get(1).hear(PACKETS);
  }

  /// Two loops, a group on each: the trunk that both get puts them on one.
  @Test
  void groupsThatShareATrunkFromNowOnMoveToOneLoop() throws Exception {
    String alone = "- {id: '%s', listen: [{unicast: '%s'}]}\n";
    LiveGateway first = open.add(new LiveGateway(lab, west, westGroup(0) + westGroup(1)));
    LiveGateway second =
        open.add(
            new LiveGateway(
                lab,
                east,
                alone.formatted(GROUPS.get(0), text(LiveGateway.free()))
                    + alone.formatted(GROUPS.get(1), text(LiveGateway.free()))));
    second.reload(eastGroup(0) + eastGroup(1));
    for (int group = 0; group < 2; group++) {
      LabTalker talker = alice.talker(GROUPS.get(group));
      speak(group, talker, first, second);
      expect(group, talker, 0, PACKETS);
    }
  }

  private static TrunkCounters trunk(LiveGateway of, LegCounters.Direction direction) {
    return of.gateway().trunks().stream()
        .filter(trunk -> trunk.direction() == direction)
        .findFirst()
        .orElseThrow();
  }
}
