package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.system.Journey.hear;
import static parley.gateway.system.Journey.number;
import static parley.gateway.system.Journey.say;

import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parley.gateway.Gateway;
import parley.gateway.lab.BothPaths;
import parley.gateway.lab.LabListener;
import parley.gateway.lab.LabTalker;
import parley.gateway.media.DropReason;
import parley.gateway.media.LegCounters;
import parley.gateway.net.Netns;

/// A talker, a gateway and listeners, each in a network of its own, while an interface of the
/// gateway goes away in the middle of a burst and comes back.
@BothPaths
class NetworkJourneyTest {
  private static final int COUNT = 100;
  private static final String BESIDE = "10.6.3.2";

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private final String io;
  private Journey journey;

  @SuppressWarnings("NullAway.Init")
  NetworkJourneyTest(String io) {
    this.io = io;
  }

  @BeforeEach
  void start() throws Exception {
    journey = new Journey(open, folder, io);
    journey.cableToField();
    journey.cableToCentre();
  }

  /// Takes an interface of the site away, one way or the other.
  private void takeAway(String device, boolean isDeleted) throws Exception {
    if (isDeleted) {
      journey.site.ip("link", "delete", device);
    } else {
      journey.site.down(device);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "239.6.0.1, true",
    "ff08::6, true",
    "10.6.1.1, false",
  })
  void aBurstGoesOnWhenTheInterfaceItIsHeardByIsBack(String address, boolean isDeleted)
      throws Exception {
    String hears =
        address.equals(Journey.SITE)
            ? "{unicast: '%s:5004', interface: eth0}".formatted(address)
            : Journey.hears(address);
    Gateway gateway =
        journey.gateway(hears, "{to: '%s:5004', interface: eth1}".formatted(Journey.CENTRE));
    LegCounters in = Journey.leg(gateway, address);
    DatagramSocket ear = journey.ear();
    LabTalker talker = journey.alice.talker(Journey.FIRE);
    DatagramSocket before = journey.mouth();
    say(before, talker.announce(), address);
    LabListener listener = LabListener.of(journey.carol, hear(ear));
    say(before, talker.packet(0), address);
    assertThat(number(listener, hear(ear))).isZero();

    takeAway("eth0", isDeleted);
    Await.until("it is noticed", () -> in.fault() != null);
    talker.skip(10);
    if (isDeleted) {
      journey.cableToField();
    } else {
      journey.site.up("eth0");
    }
    Await.until("it is joined again", () -> in.fault() == null);
    DatagramSocket after = journey.mouth();
    for (int i = 1; i <= COUNT; i++) {
      say(after, talker.packet(i), address);
      assertThat(number(listener, hear(ear))).isEqualTo(i);
    }
    assertThat(in.packets()).isEqualTo(COUNT + 2);
  }

  /// While the interface is away its legs count each packet that they lose; nobody else loses any.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void receiversAreServedAgainWhenTheirInterfaceIsBack(boolean isDeleted) throws Exception {
    Netns beside = open.add(Netns.create());
    Netns.cable(journey.site, "eth2", beside, "lan");
    journey.site.address("eth2", "10.6.3.1/24");
    beside.address("lan", BESIDE + "/24");
    String four = "239.6.2.1";
    String six = "ff08::62";
    Gateway gateway =
        journey.gateway(
            Journey.hears(Journey.SITE),
            Journey.to(BESIDE),
            Journey.to(Journey.CENTRE),
            "{to: '%s:5008', interface: eth1}".formatted(Journey.CENTRE),
            Journey.toGroup(four, 5006),
            Journey.toGroup(six, 5007));
    DatagramSocket well = journey.ear(beside, BESIDE, Journey.PORT);
    List<LegCounters> cut =
        Journey.counters(gateway).legs().stream()
            .filter(leg -> leg.direction() == LegCounters.Direction.OUT)
            .filter(leg -> !leg.leg().name().contains(BESIDE))
            .toList();
    assertThat(cut).hasSize(4);
    LabTalker talker = journey.alice.talker(Journey.FIRE);
    DatagramSocket mouth = journey.mouth();
    say(mouth, talker.announce(), Journey.SITE);
    LabListener listener = LabListener.of(journey.carol, hear(well));

    takeAway("eth1", isDeleted);
    Await.until("it is noticed", () -> cut.get(2).fault() != null && cut.get(3).fault() != null);
    for (int i = 0; i < COUNT; i++) {
      say(mouth, talker.packet(i), Journey.SITE);
      assertThat(number(listener, hear(well))).isEqualTo(i);
    }
    for (LegCounters leg : cut) {
      Await.until(
          leg.leg().name() + " has counted all",
          () -> leg.dropped(DropReason.SEND_UNREACHABLE) == COUNT);
      assertThat(leg.fault()).as(leg.leg().name()).isNotNull();
    }

    if (isDeleted) {
      journey.cableToCentre();
    } else {
      journey.site.up("eth1");
      journey.site.address("eth1", "fd06:2::1/64");
    }
    List<DatagramSocket> ears =
        List.of(
            journey.ear(),
            journey.ear(journey.centre, Journey.CENTRE, 5008),
            journey.member(four, 5006),
            journey.member(six, 5007));
    int[] next = {COUNT};
    Await.until(
        "all legs work again",
        () -> {
          say(mouth, talker.packet(next[0]), Journey.SITE);
          assertThat(number(listener, hear(well))).isEqualTo(next[0]++);
          return cut.stream().allMatch(leg -> leg.fault() == null);
        });
    for (DatagramSocket ear : ears) {
      assertThat(Journey.drain(ear)).isNotEmpty();
    }
    byte[] last = talker.packet(next[0]);
    say(mouth, last, Journey.SITE);
    for (DatagramSocket ear : ears) {
      assertThat(hear(ear)).isEqualTo(last);
    }
  }
}
