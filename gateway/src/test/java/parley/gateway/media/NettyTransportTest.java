package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.srtp.PacketBatch;

/// All transports behave alike, and say in one sentence why a socket cannot be had.
@ParameterizedClass
@ValueSource(strings = {"batch", "netty", "nio"})
class NettyTransportTest {
  private final NettyTransport transport;
  private final TestReceiver peer = TestReceiver.unicast();

  NettyTransportTest(String name) {
    transport = NettyTransport.select(name, 1);
  }

  @AfterEach
  void close() {
    transport.close();
    peer.close();
  }

  private MediaPort bind(Leg leg) throws PortUnavailable {
    return transport.bind(leg, transport.nextLoop());
  }

  private static InetSocketAddress at(String host, int port) {
    return new InetSocketAddress(host, port);
  }

  @Test
  void saysThatAPortIsInUse() {
    assertThatThrownBy(() -> bind(Leg.unicast(peer.address())))
        .isInstanceOf(PortUnavailable.class)
        .hasMessageStartingWith("cannot listen on 127.0.0.1:" + peer.port())
        .hasMessageContaining("the port is in use");
  }

  @Test
  void saysThatAnAddressIsNotOfThisHost() {
    assertThatThrownBy(() -> bind(Leg.unicast(at("198.51.100.1", 0))))
        .isInstanceOf(PortUnavailable.class)
        .hasMessageContaining("this host has no such address");
  }

  @Test
  void saysThatAnInterfaceIsMissingAndWhichThereAre() {
    assertThatThrownBy(() -> bind(Leg.multicast(at("239.77.2.1", 40000), "eth99", 1)))
        .isInstanceOf(PortUnavailable.class)
        .hasMessageContaining("there is no interface eth99; name one of")
        .hasMessageContaining("lo");
    Leg nameless =
        new Leg("x", at("239.77.2.1", 40000), null, null, 1, 0, RtcpMode.MUX, false, false, null);
    assertThatThrownBy(() -> bind(nameless)).hasMessageContaining("multicast needs an interface");
  }

  /// Read back by the kernel's own name where the channel knows it.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 255})
  void multicastGoesAsFarAsItsLegSays(int ttl) throws Exception {
    Leg leg = Leg.multicast(at("239.77.2.3", 40000), "lo", ttl);
    var port = (SocketPort) transport.sender(leg, transport.nextLoop());
    var channel = Objects.requireNonNull(port.channel());
    Integer set = channel.config().getOption(SocketOptions.IP_MULTICAST_TTL);
    assertThat(set != null ? set : channel.config().getOption(ChannelOption.IP_MULTICAST_TTL))
        .isEqualTo(ttl);
  }

  @Test
  void bindsFromItsLoopToo() throws Exception {
    var loop = transport.nextLoop();
    MediaPort port = loop.submit(() -> transport.bind(MediaLab.loopback(), loop)).get();
    assertThat(port.local().getPort()).isPositive();
  }

  @Test
  void hearsOnlyTheSourceItWasTold() throws Exception {
    try (TestReceiver probe = TestReceiver.multicast("239.77.2.2")) {
      Leg any = Leg.multicast(probe.address(), "lo", 1);
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      bind(any.withSource(InetAddress.getByName("127.0.0.9")))
          .start((_, _) -> heard.add("stranger"));
      bind(any.withSource(InetAddress.getLoopbackAddress())).start((_, _) -> heard.add("wanted"));
      peer.send(new byte[] {1}, probe.address());
      probe.expect(new byte[] {1});
      assertThat(MediaLab.next(heard)).isEqualTo("wanted");
      assertThat(heard).isEmpty();
    }
  }

  @Test
  void readsAndSendsWholeBatches() throws Exception {
    var loop = transport.nextLoop();
    MediaPort echo = bind(MediaLab.loopback());
    MediaPort out = transport.sender(null, loop);
    loop.submit(() ->
            echo.start((_, batch) -> {
              for (int slot = 0; slot < batch.packets().size(); slot++) {
                out.send(batch.packets(), slot, batch.source(slot));
                out.send(batch.packets(), slot, batch.source(slot));
              }
              out.flush();
            }))
        .get();
    for (byte i = 0; i < 100; i++) {
      peer.send(new byte[] {i, 7, 7}, echo.local());
    }
    for (byte i = 0; i < 100; i++) {
      peer.expect(new byte[] {i, 7, 7}, new byte[] {i, 7, 7});
    }
  }

  @Test
  void leavesMemoryAloneAfterFlush() throws Exception {
    var loop = transport.nextLoop();
    MediaPort port = bind(MediaLab.loopback());
    PacketBatch batch = PacketBatch.allocate(4, 64);
    batch.add(new byte[] {1, 1});
    loop.submit(
            () -> {
              for (byte i = 0; i < 50; i++) {
                batch.buffer().put(batch.offset(0), i);
                port.send(batch, 0, peer.address());
                port.flush();
              }
            })
        .get();
    for (byte i = 0; i < 50; i++) {
      peer.expect(new byte[] {i, 1});
    }
    assertThat(port.sendsFull()).isZero();
  }

  @Test
  void sendsThousandsOfDatagramsInOneFlush() throws Exception {
    MediaPort port = bind(MediaLab.loopback());
    PacketBatch batch = PacketBatch.allocate(64, 64);
    for (byte slot = 0; slot < 64; slot++) {
      batch.add(new byte[] {slot});
    }
    transport
        .nextLoop()
        .submit(() -> {
          for (int receiver = 0; receiver < 50; receiver++) {
            for (int slot = 0; slot < 64; slot++) {
              port.send(batch, slot, peer.address());
            }
          }
          port.flush();
        })
        .get();
    assertThat(port.sendsFull()).isZero();
    assertThat(port.sendsFailed()).isZero();
    peer.expect(new byte[] {0}, new byte[] {1}, new byte[] {2});
  }

  @Test
  void countsWhatTheKernelRefuses() throws Exception {
    MediaPort port = bind(MediaLab.loopback());
    PacketBatch batch = PacketBatch.allocate(1, 64);
    batch.add(new byte[] {9});
    transport
        .nextLoop()
        .submit(() -> {
          port.send(batch, 0, at("255.255.255.255", 9));
          port.send(batch, 0, peer.address());
          port.flush();
        })
        .get();
    peer.expect(new byte[] {9});
    assertThat(port.sendsFailed()).isEqualTo(1);
  }

  @Test
  void refusesATransportThatDoesNotExist() {
    assertThatThrownBy(() -> NettyTransport.select("carrier-pigeon", 1))
        .hasMessage("there is no transport 'carrier-pigeon'; choose auto, batch, netty or nio");
  }
}
