package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.system.Journey.PORT;
import static parley.gateway.system.Journey.hear;
import static parley.gateway.system.Journey.number;
import static parley.gateway.system.Journey.say;

import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.Gateway;
import parley.gateway.lab.BothPaths;
import parley.gateway.lab.LabListener;
import parley.gateway.lab.LabTalker;
import parley.gateway.media.DropReason;
import parley.gateway.media.LegCounters;
import parley.gateway.net.Netns;

/// A receiver vanishes in the middle of a burst, its program or its whole host, and returns: nobody
/// else loses a packet meanwhile, and it is served again.
///
/// The centre and a house are behind one switch, so that the gateway's own interface is well all
/// the time.
@BothPaths
@SuppressWarnings("NullAway.Init") // each test begins its own burst
class VanishedReceiverTest {
  private static final int COUNT = 200;
  private static final String HOUSE = "10.6.2.3";
  private static final int BETWEEN_REPEATS = 50;
  private static final int NEIGHBOURS = 100;

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private final String io;
  private Journey journey;
  private Netns house;
  private LegCounters well;
  private LegCounters vanished;
  private DatagramSocket mouth;
  private DatagramSocket ear;
  private LabTalker talker;
  private LabListener listener;
  private int next;

  VanishedReceiverTest(String io) {
    this.io = io;
  }

  @BeforeEach
  void connect() throws Exception {
    journey = new Journey(open, folder, io);
    house = open.add(Netns.create());
    Netns hall = open.add(Netns.create());
    journey.cableToField();
    Netns.cable(journey.site, "eth1", hall, "site");
    Netns.cable(journey.centre, "lan", hall, "centre");
    Netns.cable(house, "lan", hall, "house");
    hall.bridge("switch", "site", "centre", "house");
    journey.addressCentre();
    house.address("lan", HOUSE + "/24");
    // the gateway sends from the address where it is heard
    house.ip("route", "add", "default", "via", "10.6.2.1");
    // an unanswered question is given up after a third of a second instead of three
    journey.site.sysctl("net.ipv4.neigh.eth1.retrans_time_ms", "100");
  }

  private void begin(String... more) throws Exception {
    List<String> relay = new ArrayList<>(List.of(Journey.to(HOUSE), Journey.to(Journey.CENTRE)));
    relay.addAll(List.of(more));
    Gateway gateway = journey.gateway(Journey.hears(Journey.SITE), relay.toArray(String[]::new));
    well = Journey.leg(gateway, Journey.CENTRE);
    vanished = Journey.leg(gateway, HOUSE);
    mouth = journey.mouth();
    ear = journey.ear();
    talker = journey.alice.talker(Journey.FIRE);
    say(mouth, talker.announce(), Journey.SITE);
    listener = LabListener.of(journey.carol, hear(ear));
  }

  /// One packet, which the receiver that is well hears.
  private byte[] speak() throws Exception {
    if (next % BETWEEN_REPEATS == 0) {
      say(mouth, talker.announce(), Journey.SITE);
      hear(ear);
    }
    byte[] packet = talker.packet(next);
    say(mouth, packet, Journey.SITE);
    assertThat(number(listener, hear(ear))).isEqualTo(next);
    next++;
    return packet;
  }

  private void assertLostAlone() throws Exception {
    for (int i = 0; i < COUNT; i++) {
      speak();
    }
    if (io.equals("batch")) {
      Await.until(
          "it comes back",
          () -> {
            speak();
            return vanished.fault() != null;
          });
      assertThat(vanished.fault())
          .startsWith("what is sent to %s port %d comes back".formatted(HOUSE, PORT));
      assertThat(vanished.dropped(DropReason.SEND_BOUNCED)).isPositive();
    }
    assertThat(well.fault()).isNull();
    for (DropReason reason : DropReason.values()) {
      assertThat(well.dropped(reason)).as(reason.label()).isZero();
    }
  }

  private void assertServedAgain(DatagramSocket back) throws Exception {
    Await.until(
        "it works again",
        () -> {
          speak();
          return vanished.fault() == null;
        });
    assertThat(Journey.drain(back)).isNotEmpty();
    byte[] last = speak();
    assertThat(Journey.drain(back)).containsExactly(last);
  }

  @Test
  void oneWhoseProgramEndsCostsItsOwnPacketsAlone() throws Exception {
    try (DatagramSocket leaving = journey.ear(house, HOUSE, PORT)) {
      begin();
      byte[] packet = speak();
      assertThat(Journey.drain(leaving)).containsExactly(packet);
    }
    assertLostAlone();
    assertServedAgain(journey.ear(house, HOUSE, PORT));
  }

  @Test
  void oneWhoseHostVanishesCostsItsOwnPacketsAlone() throws Exception {
    DatagramSocket theirs = journey.ear(house, HOUSE, PORT);
    begin();
    byte[] packet = speak();
    assertThat(Journey.drain(theirs)).containsExactly(packet);
    house.down("lan");
    for (int i = 0; i < COUNT; i++) {
      speak(); // into silence: the kernel still believes that it knows the neighbour
    }
    journey.site.ip("neighbour", "delete", HOUSE, "dev", "eth1");
    assertLostAlone();
    house.up("lan");
    assertServedAgain(theirs);
  }

  /// The kernel keeps packets for a neighbour that it asks for, at the cost of the socket's send
  /// buffer; with the setting that [parley.gateway.NetworkAdvice] asks for, all of them fit.
  @Test
  void aWholeHouseThatVanishesCostsNobodyElseAPacket() throws Exception {
    journey.site.sysctl("net.ipv4.neigh.eth1.retrans_time_ms", "1000");
    journey.site.sysctl("net.ipv4.neigh.eth1.unres_qlen_bytes", "16384");
    String[] gone = new String[NEIGHBOURS];
    for (int i = 0; i < NEIGHBOURS; i++) {
      gone[i] = Journey.to("10.6.2." + (100 + i));
    }
    begin(gone);
    for (int i = 0; i < 2 * COUNT; i++) {
      speak();
    }
  }
}
