package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.config.ConfigFile;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabListener;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.media.DropReason;
import parley.gateway.media.GroupCounters;
import parley.gateway.media.LegCounters;
import parley.gateway.net.ImpairedWire;
import parley.gateway.net.ImpairedWire.Direction;
import parley.gateway.net.ImpairedWire.Traffic;
import parley.gateway.net.Impairment;
import parley.gateway.net.Netns;
import parley.gateway.net.WireAccount;
import parley.mikey.identity.Identity;

/// A talker, a gateway and a listener, each in a network of its own: over a bad line, and over one
/// that goes away in the middle of a burst.
class NetworkJourneyTest {
  private static final String FIRE = "sip:fire@example.org";
  private static final int PORT = 5004;
  private static final int COUNT = 1500;
  private static final int BETWEEN_REPEATS = 100;
  private static final int MIKEY = 1;
  private static final String BY_UNICAST = "10.6.1.1";
  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private Lab lab;

  @BeforeEach
  void start() {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
  }

  @Test
  void whatABadLineDidNotLoseIsHeardOnce() throws Exception {
    Netns field = open.add(Netns.create());
    Netns site = open.add(Netns.create());
    Netns centre = open.add(Netns.create());
    ImpairedWire line =
        open.add(ImpairedWire.between(field, "radio", site, "eth0", 4711, Set.of(PORT)));
    field.address("radio", "10.6.1.2/24");
    site.address("eth0", "10.6.1.1/24");
    Netns.cable(site, "eth1", centre, "lan");
    site.address("eth1", "10.6.2.1/24");
    centre.address("lan", "10.6.2.2/24");
    LabMember gpe = lab.member("sip:gpe1@example.org");
    LabMember alice = lab.member("sip:alice@example.org");
    LabMember carol = lab.member("sip:carol@example.org");
    lab.group(FIRE, gpe, alice, carol);
    Gateway gateway = open.add(site.in(() -> gateway(gpe, "unicast: '10.6.1.1:5004'")));
    DatagramSocket ear =
        open.add(centre.in(() -> new DatagramSocket(new InetSocketAddress("10.6.2.2", PORT))));
    ear.setReceiveBufferSize(4 << 20);
    DatagramSocket mouth = open.add(field.in(() -> new DatagramSocket()));

    LabTalker talker = alice.talker(FIRE);
    say(mouth, talker.announce(), BY_UNICAST);
    byte[] announcement = hear(ear);
    LabListener listener = LabListener.of(carol, announcement);
    line.impair(
        Direction.FORTH,
        Impairment.NONE
            .withLoss(0.05)
            .withDuplication(0.05)
            .withReordering(0.05, Duration.ofMillis(15))
            .withDelay(Duration.ofMillis(5), Duration.ofMillis(10)));
    for (int i = 0; i < COUNT; i++) {
      if (i % BETWEEN_REPEATS == 0) {
        say(mouth, talker.announce(), BY_UNICAST);
      }
      say(mouth, talker.packet(i), BY_UNICAST);
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
    line.awaitIdle();
    WireAccount wire = line.account(Direction.FORTH, PORT, Traffic.RTP);
    GroupCounters media = gateway.plane(new Identity(FIRE)).media().counters();
    long delivered = line.account(Direction.FORTH, PORT, Traffic.ANY).delivered();
    Await.until("all arrived", () -> packets(media, "10.6.1.1") == delivered);

    List<byte[]> heard = drain(ear).stream().filter(octets -> octets[0] != MIKEY).toList();
    assertThat(wire.entered()).isEqualTo(COUNT);
    assertThat(wire.lost()).isPositive();
    assertThat(wire.duplicated()).isPositive();
    assertThat(wire.reordered()).isPositive();
    assertThat(media.dropped(DropReason.REPLAYED)).isEqualTo(wire.duplicated());
    assertThat(heard).as("sent = heard + lost by the line").hasSize((int) (COUNT - wire.lost()));
    Set<Integer> numbers = new HashSet<>();
    for (byte[] packet : heard) {
      numbers.add(number(listener, packet));
    }
    assertThat(numbers).as("each once").hasSize(heard.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"239.6.0.1", "ff08::6"})
  void aBurstGoesOnAfterTheInterfaceWasDeletedAndMadeAgain(String island) throws Exception {
    Netns field = open.add(Netns.create());
    Netns site = open.add(Netns.create());
    Netns centre = open.add(Netns.create());
    islandCable(field, site);
    Netns.cable(site, "eth1", centre, "lan");
    site.address("eth1", "10.6.2.1/24");
    centre.address("lan", "10.6.2.2/24");
    LabMember gpe = lab.member("sip:gpe1@example.org");
    LabMember alice = lab.member("sip:alice@example.org");
    LabMember carol = lab.member("sip:carol@example.org");
    lab.group(FIRE, gpe, alice, carol);
    String hears =
        "multicast: '%s:5004'".formatted(island.contains(":") ? "[" + island + "]" : island);
    Gateway gateway = open.add(site.in(() -> gateway(gpe, hears)));
    LegCounters in = gateway.plane(new Identity(FIRE)).media().counters().legs().getFirst();
    DatagramSocket ear =
        open.add(centre.in(() -> new DatagramSocket(new InetSocketAddress("10.6.2.2", PORT))));
    LabTalker talker = alice.talker(FIRE);
    DatagramSocket before = mouth(field);
    say(before, talker.announce(), island);
    LabListener listener = LabListener.of(carol, hear(ear));
    say(before, talker.packet(0), island);
    assertThat(number(listener, hear(ear))).isZero();

    site.ip("link", "delete", "eth0");
    Await.until("it is noticed", () -> in.fault() != null);
    talker.skip(10);
    islandCable(field, site);
    Await.until("it is joined again", () -> in.fault() == null);
    DatagramSocket after = mouth(field);
    for (int i = 1; i <= 100; i++) {
      say(after, talker.packet(i), island);
      assertThat(number(listener, hear(ear))).isEqualTo(i);
    }
    assertThat(in.packets()).isEqualTo(102);
  }

  private static void islandCable(Netns field, Netns site) throws Exception {
    Netns.cable(field, "radio", site, "eth0");
    field.address("radio", "10.6.1.2/24");
    site.address("eth0", "10.6.1.1/24");
    field.address("radio", "fd06::2/64");
    site.address("eth0", "fd06::1/64");
  }

  private DatagramSocket mouth(Netns field) throws Exception {
    return open.add(
        field.in(() -> {
          DatagramSocket socket = new DatagramSocket();
          socket.setOption(
              StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName("radio"));
          return socket;
        }));
  }

  private static int number(LabListener listener, byte[] packet) {
    return ByteBuffer.wrap(listener.payload(packet)).getInt(4);
  }

  /// Of the leg that listens at that address, MIKEY too.
  private static long packets(GroupCounters media, String address) {
    return media.legs().stream()
        .filter(leg -> leg.leg().name().startsWith(address))
        .mapToLong(LegCounters::packets)
        .sum();
  }

  private Gateway gateway(LabMember gpe, String hears) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            """
            identity: %s
            vault: {file: %s, key-file: %s}
            mikey: {listen: 127.0.0.1:0}
            groups:
              - id: "%s"
                listen: [{%s, interface: eth0}]
                relay: [{to: "10.6.2.2:%d", interface: eth1, dscp: EF}]
            """
                .formatted(
                    gpe.identity(),
                    lab.vaultFile(gpe.identity().uri()),
                    lab.keyFile(),
                    FIRE,
                    hears,
                    PORT));
    return Gateway.start(ConfigFile.read(file), gpe.vault(), GatewayServices.defaults());
  }

  private static void say(DatagramSocket mouth, byte[] octets, String to) throws Exception {
    mouth.send(new DatagramPacket(octets, octets.length, InetAddress.getByName(to), PORT));
  }

  private static byte[] hear(DatagramSocket ear) throws Exception {
    ear.setSoTimeout(30_000);
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    ear.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  /// Everything that the gateway has sent; it is in the socket already.
  private static List<byte[]> drain(DatagramSocket ear) throws Exception {
    List<byte[]> heard = new ArrayList<>();
    ear.setSoTimeout(1000);
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    try {
      while (true) {
        ear.receive(packet);
        heard.add(Arrays.copyOf(packet.getData(), packet.getLength()));
      }
    } catch (SocketTimeoutException _) {
      return heard;
    }
  }
}
