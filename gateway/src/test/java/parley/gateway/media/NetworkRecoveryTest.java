package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.media.NetworkBench.at;
import static parley.gateway.media.NetworkBench.await;
import static parley.gateway.media.NetworkBench.hear;
import static parley.gateway.media.NetworkBench.say;

import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The network goes away and comes back under open sockets: they say so, and work again by
/// themselves.
@ParameterizedClass
@ValueSource(strings = {"batch", "netty"})
class NetworkRecoveryTest {
  private static final int PORT = 5004;
  private static final int COUNT = 100;

  private final GroupCounters counters = new GroupCounters();
  private final String transport;
  private NetworkBench bench;

  @SuppressWarnings("NullAway.Init")
  NetworkRecoveryTest(String transport) {
    this.transport = transport;
  }

  @BeforeEach
  void open() throws Exception {
    bench = new NetworkBench(transport);
    bench.cable(1);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @CsvSource({
    "239.7.8.1, 10.7.1.2, false",
    "232.7.8.1, 10.7.1.2, true",
    "ff08::81, fd07:1::2, false",
    "ff3e::8000:81, fd07:1::2, true",
    "ff02::81, fd07:1::2, false",
  })
  void aGroupIsJoinedAgainOnAnInterfaceThatWasDeleted(String group, String from, boolean sourced)
      throws Exception {
    Leg any = Leg.multicast(at(group, PORT), "eth1", 1);
    SocketPort port = bench.bind(sourced ? any.withSource(NetworkBench.source(from)) : any);
    List<Integer> heard = bench.hears(port);
    DatagramSocket mouth = bench.mouth(from, "far1");
    say(mouth, 255, any.address());
    await("the first is heard", () -> heard.equals(List.of(255)));

    bench.here.ip("link", "delete", "eth1");
    await("it says so", () -> fault(port).startsWith("there is no interface eth1 now"));
    bench.cable(1);
    await("it is well again", () -> port.fault() == null);
    heard.clear();
    DatagramSocket again = bench.mouth(from, "far1");
    for (int i = 0; i < COUNT; i++) {
      say(again, i, any.address());
    }
    await("all are heard", () -> heard.size() >= COUNT);
    assertThat(heard).containsExactlyElementsOf(numbers());
  }

  @ParameterizedTest
  @ValueSource(strings = {"239.7.8.2", "ff08::82"})
  void aGroupIsHeardAgainWhenTheInterfaceIsUpAgain(String group) throws Exception {
    String from = group.contains(":") ? "fd07:1::2" : "10.7.1.2";
    Leg leg = Leg.multicast(at(group, PORT), "eth1", 1);
    SocketPort port = bench.bind(leg);
    List<Integer> heard = bench.hears(port);
    DatagramSocket mouth = bench.mouth(from, "far1");
    bench.here.down("eth1");
    await("it says so", () -> fault(port).startsWith("interface eth1 is down"));
    bench.here.up("eth1");
    await("it is well again", () -> port.fault() == null);
    for (int i = 0; i < COUNT; i++) {
      say(mouth, i, leg.address());
    }
    await("all are heard", () -> heard.size() >= COUNT);
    assertThat(heard).containsExactlyElementsOf(numbers());
  }

  @ParameterizedTest
  @ValueSource(strings = {"239.7.8.3", "ff08::83"})
  void aMulticastReceiverIsServedAgainWhenTheInterfaceIsBack(String group) throws Exception {
    Leg leg = Leg.multicast(at(group, PORT), "eth1", 1);
    LegCounters out = counters.leg(leg, LegCounters.Direction.OUT);
    SocketPort port = bench.sender(leg);
    out.worksBy(port);
    bench.here.ip("link", "delete", "eth1");
    await("it says so", () -> fault(out).startsWith("there is no interface eth1 now"));
    bench.send(port, 1, out);
    assertThat(out.dropped(DropReason.SEND_UNREACHABLE)).isEqualTo(1);
    assertThat(counters.dropped(DropReason.SEND_UNREACHABLE)).isEqualTo(1);

    bench.cable(1);
    await("the socket is well again", () -> port.fault() == null);
    DatagramSocket member = bench.member(group, "far1", PORT);
    bench.send(port, 7, out);
    assertThat(hear(member)).isEqualTo(7);
    assertThat(out.dropped(DropReason.SEND_UNREACHABLE)).isEqualTo(1);
  }

  @Test
  void anAddressThatIsTakenAwayAndGivenBackIsHeardAgain() throws Exception {
    SocketPort port = bench.bind(Leg.unicast(at("10.7.1.1", PORT)));
    List<Integer> heard = bench.hears(port);
    DatagramSocket mouth = bench.mouth("10.7.1.2", "far1");
    say(mouth, 8, at("10.7.1.1", PORT));
    await("it is heard", () -> heard.equals(List.of(8)));
    bench.here.ip("address", "delete", "10.7.1.1/24", "dev", "eth1");
    await("it says so", () -> fault(port).startsWith("this host does not have the address"));
    bench.here.address("eth1", "10.7.1.1/24");
    await("it is well again", () -> port.fault() == null);
    say(mouth, 9, at("10.7.1.1", PORT));
    await("it is heard again", () -> heard.equals(List.of(8, 9)));
  }

  @Test
  void aLegThatWaitsOpensWhenItsInterfaceComes() throws Exception {
    Leg leg = Leg.multicast(at("239.7.8.4", PORT), "eth2", 1).thatWaits();
    SocketPort port = bench.bind(leg);
    List<Integer> heard = bench.hears(port);
    assertThat(port.fault()).contains("there is no interface eth2");
    bench.cable(2);
    await("it is well", () -> port.fault() == null);
    say(bench.mouth("10.7.2.2", "far2"), 3, leg.address());
    await("it is heard", () -> heard.equals(List.of(3)));
  }

  @Test
  void aReceiverThatIsGoneHarmsNobody() throws Exception {
    DatagramSocket ear = bench.ear(at("10.7.1.2", PORT));
    DatagramSocket gone = bench.ear(at("10.7.1.3", PORT));
    SocketPort port = bench.bind(Leg.unicast(at("10.7.1.1", PORT)));
    LegCounters well = out("10.7.1.2");
    LegCounters nobody = out("10.7.1.3");
    gone.close();
    for (int i = 0; i < COUNT; i++) {
      bench.send(port, i, nobody);
      bench.send(port, i, well);
    }
    for (int i = 0; i < COUNT; i++) {
      assertThat(hear(ear)).isEqualTo(i);
    }
    assertThat(well.fault()).isNull();
    if (transport.equals("batch")) {
      await("it comes back", () -> nobody.dropped(DropReason.SEND_BOUNCED) > 0);
      assertThat(nobody.fault()).startsWith("what is sent to 10.7.1.3 port 5004 comes back");
    }
  }

  @Test
  void aLegWithoutARouteSaysSoAndTheOthersGoOn() throws Exception {
    DatagramSocket ear = bench.ear(at("10.7.1.2", PORT));
    SocketPort port = bench.bind(Leg.unicast(at("10.7.1.1", PORT)));
    LegCounters well = out("10.7.1.2");
    LegCounters lost = out("10.98.0.1");
    for (int i = 0; i < COUNT; i++) {
      bench.send(port, i, lost);
      bench.send(port, i, well);
      assertThat(hear(ear)).isEqualTo(i);
    }
    assertThat(lost.dropped(DropReason.SEND_UNREACHABLE)).isEqualTo(COUNT);
    assertThat(lost.fault())
        .isEqualTo("there is no way to 10.98.0.1 now; see ip route get 10.98.0.1");
    assertThat(well.fault()).isNull();

    bench.here.ip("route", "add", "10.98.0.0/16", "via", "10.7.1.2");
    await(
        "it works again",
        () -> {
          bench.send(port, 1, lost);
          return lost.fault() == null;
        });
  }

  /// IPv4 goes by the interface that the leg names, whatever the routes say.
  @Test
  void aMulticastReceiverOfIpv4NeedsNoRoute() throws Exception {
    Leg leg = Leg.multicast(at("239.7.8.5", PORT), "eth1", 1);
    LegCounters out = counters.leg(leg, LegCounters.Direction.OUT);
    SocketPort port = bench.sender(leg);
    out.worksBy(port);
    DatagramSocket member = bench.member("239.7.8.5", "far1", PORT);
    bench.here.ip("route", "add", "239.0.0.0/8", "dev", "eth1");
    bench.send(port, 1, out);
    assertThat(hear(member)).isEqualTo(1);
    bench.here.ip("route", "delete", "239.0.0.0/8", "dev", "eth1");
    bench.here.ip("route", "add", "unreachable", "224.0.0.0/4");
    bench.send(port, 2, out);
    assertThat(hear(member)).isEqualTo(2);
    assertThat(out.fault()).isNull();
  }

  @Test
  void aMulticastReceiverOfIpv6IsServedAgainWhenItsRouteIsBack() throws Exception {
    Leg leg = Leg.multicast(at("ff08::84", PORT), "eth1", 1);
    LegCounters out = counters.leg(leg, LegCounters.Direction.OUT);
    SocketPort port = bench.sender(leg);
    out.worksBy(port);
    DatagramSocket member = bench.member("ff08::84", "far1", PORT);
    String[] route = {"-6", "route", "delete", "multicast", "ff00::/8", "dev", "eth1"};
    bench.here.run("sh", "-c", "ip " + String.join(" ", route) + " table local");
    bench.send(port, 1, out);
    assertThat(out.dropped(DropReason.SEND_UNREACHABLE)).isEqualTo(1);
    assertThat(out.fault()).startsWith("there is no way to ff08:");

    route[2] = "add";
    bench.here.run("sh", "-c", "ip " + String.join(" ", route) + " table local");
    await(
        "it says that it works again",
        () -> {
          bench.send(port, 2, out);
          return out.fault() == null;
        });
    assertThat(hear(member)).isEqualTo(2);
    assertThat(out.dropped(DropReason.SEND_UNREACHABLE)).isEqualTo(1);
  }

  /// With source validation the kernel drops what comes from where no route leads back; the
  /// membership outlives that.
  @Test
  void aGroupIsHeardAgainWhenTheRouteToItsSourceIsBack() throws Exception {
    bench.here.sysctl("net.ipv4.conf.eth1.rp_filter", "1");
    Leg leg = Leg.multicast(at("239.7.8.6", PORT), "eth1", 1);
    SocketPort port = bench.bind(leg);
    List<Integer> heard = bench.hears(port);
    DatagramSocket mouth = bench.mouth("10.7.1.2", "far1");
    say(mouth, 1, leg.address());
    await("it is heard", () -> heard.equals(List.of(1)));
    bench.here.ip("route", "delete", "10.7.1.0/24", "dev", "eth1");
    say(mouth, 2, leg.address());
    bench.here.ip("route", "add", "10.7.1.0/24", "dev", "eth1");
    say(mouth, 3, leg.address());
    await("it is heard again", () -> heard.equals(List.of(1, 3)));
    assertThat(port.fault()).isNull();
  }

  @Test
  void aForbiddenLegSaysSo() throws Exception {
    bench.here.ip("route", "add", "prohibit", "10.97.0.0/16");
    SocketPort port = bench.bind(Leg.unicast(at("10.7.1.1", PORT)));
    LegCounters forbidden = out("10.97.0.1");
    bench.send(port, 1, forbidden);
    assertThat(forbidden.dropped(DropReason.SEND_FORBIDDEN)).isEqualTo(1);
    assertThat(forbidden.fault()).contains("this host forbids sending to 10.97.0.1");
  }

  private LegCounters out(String address) {
    return counters.leg(Leg.unicast(at(address, PORT)), LegCounters.Direction.OUT);
  }

  private static String fault(MediaPort port) {
    return String.valueOf(port.fault());
  }

  private static String fault(LegCounters leg) {
    return String.valueOf(leg.fault());
  }

  private static List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      numbers.add(i);
    }
    return numbers;
  }
}
