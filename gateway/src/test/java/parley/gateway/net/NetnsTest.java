package parley.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every other test in a namespace builds on.
class NetnsTest {
  @Test
  void threadsAndProgramsInsideSeeOnlyItsNetwork() throws Exception {
    try (Netns a = Netns.create();
        Netns b = Netns.create()) {
      Netns.cable(a, "left", b, "right");
      a.address("left", "10.8.0.1/24");
      b.address("right", "10.8.0.2/24");
      assertThat(a.in(() -> NetworkInterface.getByName("left"))).isNotNull();
      assertThat(a.in(() -> NetworkInterface.getByName("right"))).isNull();
      assertThat(NetworkInterface.getByName("left")).as("outside").isNull();
      assertThat(b.run("ip", "-brief", "address")).contains("10.8.0.2/24");
      assertThat(child(a)).contains("left");
      try (DatagramSocket ear = b.in(() -> new DatagramSocket(0));
          DatagramSocket mouth = a.in(() -> new DatagramSocket())) {
        ear.setSoTimeout(30_000);
        InetAddress there = InetAddress.getByName("10.8.0.2");
        mouth.send(new DatagramPacket(new byte[] {7}, 1, there, ear.getLocalPort()));
        DatagramPacket got = new DatagramPacket(new byte[1], 1);
        ear.receive(got);
        assertThat(got.getAddress()).isEqualTo(InetAddress.getByName("10.8.0.1"));
      }
    }
  }

  private static String child(Netns network) throws Exception {
    Process child = network.java(Interfaces.class);
    String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).isZero();
    return printed;
  }

  /// Prints what it sees.
  static final class Interfaces {
    private Interfaces() {}

    public static void main(String[] arguments) throws Exception {
      NetworkInterface.networkInterfaces()
          .map(NetworkInterface::getName)
          .forEach(System.out::println);
    }
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    Netns made = Netns.create();
    String name = made.name();
    made.close();
    assertThat(Netns.run(List.of("ip", "netns", "list"))).doesNotContain(name);
  }
}
