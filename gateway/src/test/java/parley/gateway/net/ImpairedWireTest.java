package parley.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import parley.gateway.net.ImpairedWire.Direction;
import parley.gateway.net.ImpairedWire.Traffic;

/// The wire itself: its account must be right before it can vouch for a gateway's.
@ParameterizedClass
@ValueSource(booleans = {false, true})
class ImpairedWireTest {
  private static final int PORT = 5004;
  private static final int UNTOUCHED = 6000;
  private static final int COUNT = 2000;

  private final boolean isBetweenCables;
  private Netns near;
  private Netns far;
  private ImpairedWire wire;

  @SuppressWarnings("NullAway.Init")
  ImpairedWireTest(boolean isBetweenCables) {
    this.isBetweenCables = isBetweenCables;
  }

  @BeforeEach
  void connect() throws Exception {
    near = Netns.create();
    far = Netns.create();
    wire =
        isBetweenCables
            ? ImpairedWire.betweenCables(near, "eth0", far, "eth1", 7, Set.of(PORT))
            : ImpairedWire.between(near, "eth0", far, "eth1", 7, Set.of(PORT));
    near.address("eth0", "10.9.0.1/24");
    far.address("eth1", "10.9.0.2/24");
    near.address("eth0", "fd09::1/64");
    far.address("eth1", "fd09::2/64");
    meet("10.9.0.2");
    meet("fd09::2");
  }

  /// While a neighbour's address is asked for, the kernel keeps few datagrams and mixes them up.
  private void meet(String address) throws Exception {
    try (DatagramSocket ear = far.in(() -> new DatagramSocket(UNTOUCHED));
        DatagramSocket mouth = near.in(() -> new DatagramSocket())) {
      ear.setSoTimeout(30_000);
      mouth.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(address), UNTOUCHED));
      ear.receive(new DatagramPacket(new byte[1], 1));
    }
  }

  @AfterEach
  void disconnect() throws Exception {
    if (wire != null) {
      wire.close();
    }
    if (far != null) {
      far.close();
    }
    if (near != null) {
      near.close();
    }
  }

  @Test
  void carriesEverythingWhileItIsWhole() throws Exception {
    assertThat(heard("10.9.0.2", PORT)).containsExactlyElementsOf(sent());
    assertThat(heard("fd09::2", PORT)).containsExactlyElementsOf(sent());
    assertThat(wire.account(Direction.FORTH, PORT, Traffic.ANY))
        .isEqualTo(new WireAccount(2 * COUNT, 0, 0, 0, 2 * COUNT));
  }

  @Test
  void keepsAnExactAccountOfWhatItDoes() throws Exception {
    wire.impair(
        Impairment.NONE
            .withLoss(0.05)
            .withDuplication(0.1)
            .withReordering(0.1, Duration.ofMillis(15))
            .withDelay(Duration.ofMillis(2), Duration.ofMillis(3)));
    List<Integer> heard = heard("10.9.0.2", PORT);
    WireAccount account = wire.account(Direction.FORTH, PORT, Traffic.RTP);
    assertThat(account.entered()).isEqualTo(COUNT);
    assertThat(account.lost()).isBetween(COUNT / 50L, COUNT / 10L);
    assertThat(account.duplicated()).isBetween(COUNT / 20L, COUNT / 5L);
    assertThat(account.reordered()).isGreaterThan(COUNT / 20L);
    assertThat(heard).hasSize((int) account.delivered());
    assertThat(new HashSet<>(heard)).hasSize((int) account.survived());
  }

  @Test
  void leavesOtherPortsAlone() throws Exception {
    wire.impair(Impairment.CUT);
    assertThat(heard("10.9.0.2", UNTOUCHED)).containsExactlyElementsOf(sent());
    assertThat(heard("10.9.0.2", PORT)).isEmpty();
    assertThat(wire.account(Direction.FORTH, PORT, Traffic.RTP).lost()).isEqualTo(COUNT);
  }

  @Test
  void countsWhatADeviceThatIsDownDidNotTake() throws Exception {
    far.down("eth1");
    assertThat(heard("10.9.0.2", PORT)).isEmpty();
    if (!isBetweenCables) {
      assertThat(wire.account(Direction.FORTH, PORT, Traffic.ANY).survived()).isZero();
    }
  }

  private static List<Integer> sent() {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  /// Sends RTP-like datagrams, numbered, and returns what came, in its order.
  private List<Integer> heard(String to, int port) throws Exception {
    try (DatagramSocket ear = far.in(() -> new DatagramSocket(null));
        DatagramSocket mouth = near.in(() -> new DatagramSocket(null))) {
      ear.setReceiveBufferSize(4 << 20);
      ear.bind(new InetSocketAddress(port));
      mouth.bind(new InetSocketAddress(0));
      byte[] octets = new byte[64];
      octets[0] = (byte) 0x80;
      for (int i = 0; i < COUNT; i++) {
        octets[20] = (byte) (i >> 8);
        octets[21] = (byte) i;
        mouth.send(new DatagramPacket(octets, octets.length, InetAddress.getByName(to), port));
      }
      wire.awaitIdle();
      return drain(ear);
    }
  }

  private static List<Integer> drain(DatagramSocket ear) throws Exception {
    List<Integer> heard = new ArrayList<>();
    ear.setSoTimeout(300);
    DatagramPacket packet = new DatagramPacket(new byte[64], 64);
    try {
      while (true) {
        ear.receive(packet);
        byte[] data = packet.getData();
        heard.add(((data[20] & 0xff) << 8) | (data[21] & 0xff));
      }
    } catch (SocketTimeoutException _) {
      return heard;
    }
  }
}
