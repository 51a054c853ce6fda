package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.media.NetworkBench.at;
import static parley.gateway.media.NetworkBench.say;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parley.gateway.net.Tap;

/// Legs between networks: what is heard, and what the octets on the wire look like.
@ParameterizedClass
@ValueSource(strings = {"batch", "netty"})
class LegsOnTheWireTest {
  private static final int PORT = 5004;
  private static final int EXPEDITED = 46;
  private static final GroupCounters COUNTERS = new GroupCounters();

  private final String transport;
  private NetworkBench bench;

  @SuppressWarnings("NullAway.Init")
  LegsOnTheWireTest(String transport) {
    this.transport = transport;
  }

  @BeforeEach
  void open() throws Exception {
    bench = new NetworkBench(transport);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static LegCounters counters(Leg leg) {
    return COUNTERS.leg(leg, LegCounters.Direction.OUT);
  }

  @ParameterizedTest
  @CsvSource({
    "232.7.7.7, 10.7.1.2, 10.7.1.3",
    "ff3e::8000:7, fd07:1::2, fd07:1::3",
    "ff32::8000:7, fd07:1::2, fd07:1::3",
  })
  void aSourceSpecificLegHearsItsSourceAlone(String group, String wanted, String stranger)
      throws Exception {
    bench.cable(1);
    Leg any = Leg.multicast(at(group, PORT), "eth1", 1);
    List<Integer> all = bench.hears(bench.bind(any));
    List<Integer> one = bench.hears(bench.bind(any.withSource(NetworkBench.source(wanted))));
    DatagramSocket right = bench.mouth(wanted, "far1");
    DatagramSocket wrong = bench.mouth(stranger, "far1");
    say(wrong, 1, any.address());
    say(right, 2, any.address());
    say(wrong, 3, any.address());
    say(right, 4, any.address());
    NetworkBench.await("both are heard", () -> all.size() == 4 && one.size() == 2);
    assertThat(all).containsExactly(1, 2, 3, 4);
    assertThat(one).containsExactly(2, 4);
  }

  @ParameterizedTest
  @CsvSource({"239.7.7.7", "ff08::7", "ff02::77"})
  void eachLegHearsItsInterfaceAlone(String group) throws Exception {
    bench.cable(1);
    bench.cable(2);
    InetSocketAddress address = at(group, PORT);
    List<Integer> one = bench.hears(bench.bind(Leg.multicast(address, "eth1", 1)));
    List<Integer> two = bench.hears(bench.bind(Leg.multicast(address, "eth2", 1)));
    String family = group.contains(":") ? "fd07:%d::2" : "10.7.%d.2";
    say(bench.mouth(family.formatted(1), "far1"), 1, address);
    say(bench.mouth(family.formatted(2), "far2"), 2, address);
    NetworkBench.await("both are heard", () -> !one.isEmpty() && !two.isEmpty());
    say(bench.mouth(family.formatted(1), "far1"), 3, address);
    NetworkBench.await("a third one is heard", () -> one.contains(3));
    assertThat(one).containsExactly(1, 3);
    assertThat(two).containsExactly(2);
  }

  @Test
  void ttlAndDscpAreOnTheWire() throws Exception {
    try (Tap wire = Tap.create(bench.here, "eth1")) {
      bench.addressesHere(1);
      Leg four = Leg.multicast(at("239.7.7.8", PORT), "eth1", 7).withDscp(EXPEDITED);
      bench.send(bench.sender(four), 1, counters(four));
      ByteBuffer ipv4 = wire.await(frame -> udpTo(frame) == PORT);
      assertThat(ipv4.get(15) & 0xff).as("type of service").isEqualTo(EXPEDITED << 2);
      assertThat(ipv4.get(22)).as("time to live").isEqualTo((byte) 7);

      Leg six = Leg.multicast(at("ff08::8", PORT), "eth1", 9).withDscp(EXPEDITED);
      bench.send(bench.sender(six), 1, counters(six));
      ByteBuffer ipv6 = wire.await(frame -> udpTo(frame) == PORT);
      assertThat((ipv6.getInt(14) >> 20) & 0xff).as("traffic class").isEqualTo(EXPEDITED << 2);
      assertThat(ipv6.get(21)).as("hop limit").isEqualTo((byte) 9);
    }
  }

  @Test
  void aUnicastLegLeavesByItsInterfaceWhateverTheRoutesSay() throws Exception {
    try (Tap other = Tap.create(bench.here, "eth1");
        Tap wire = Tap.create(bench.here, "eth2")) {
      bench.here.address("eth1", "10.7.1.1/24");
      bench.here.address("eth2", "10.7.2.1/24");
      bench.here.ip("route", "add", "default", "via", "10.7.2.9", "metric", "200");
      bench.here.ip("neighbour", "add", "10.7.2.9", "lladdr", "02:00:00:00:00:09", "dev", "eth2");
      bench.here.ip("route", "add", "10.99.0.0/16", "via", "10.7.1.9");
      bench.here.ip("neighbour", "add", "10.7.1.9", "lladdr", "02:00:00:00:00:09", "dev", "eth1");
      Leg leg = Leg.unicast(at("10.99.0.7", PORT));
      Leg bound = leg.withInterface("eth2").withDscp(EXPEDITED);
      bench.send(bench.sender(bound), 1, counters(bound));
      ByteBuffer frame = wire.await(f -> udpTo(f) == PORT);
      assertThat(frame.get(15) & 0xff).isEqualTo(EXPEDITED << 2);
      bench.send(bench.sender(leg), 1, counters(leg));
      assertThat(other.await(f -> udpTo(f) == PORT).get(15)).isZero();
    }
  }

  @Test
  void unicastOfOneLinkWorksByItsInterface() throws Exception {
    bench.cable(1);
    bench.there.address("far1", "fe80::7:2/64");
    bench.here.address("eth1", "fe80::7:1/64");
    List<Integer> heard =
        bench.hears(bench.bind(Leg.unicast(at("fe80::7:1", PORT)).withInterface("eth1")));
    DatagramSocket ear = bench.ear(bench.onLink("fe80::7:2", "far1", PORT));
    Leg out = Leg.unicast(at("fe80::7:2", PORT)).withInterface("eth1");
    bench.send(bench.sender(out), 5, counters(out));
    assertThat(NetworkBench.hear(ear)).isEqualTo(5);
    say(ear, 6, bench.onLink("fe80::7:1", "far1", PORT));
    NetworkBench.await("the answer is heard", () -> heard.equals(List.of(6)));
  }

  /// The destination port of a UDP datagram without options; -1 for everything else.
  private static int udpTo(ByteBuffer frame) {
    boolean isIpv4 = frame.getShort(12) == 0x0800 && frame.get(23) == 17;
    boolean isIpv6 = frame.getShort(12) == (short) 0x86dd && frame.get(20) == 17;
    int header = isIpv4 ? 34 : 54;
    return isIpv4 || isIpv6 ? frame.getShort(header + 2) & 0xffff : -1;
  }
}
