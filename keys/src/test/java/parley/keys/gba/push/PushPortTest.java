package parley.keys.gba.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.NafId;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.hss.Subscribers;
import parley.keys.gba.push.GpiOutcome.Reason;
import parley.keys.gba.zn.PushInfo;

/// A UE that hears pushes, by UDP on the loopback and in a folder.
class PushPortTest {
  private static final NafId NAF = new NafId(GbaWorld.KMS, UaProtocol.HTTP_DIGEST);
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path directory;
  private GbaWorld world;
  private Usim usim;
  private GpiReceiver receiver;
  private final BlockingQueue<String> called = new ArrayBlockingQueue<>(100);

  @BeforeEach
  void open() throws Exception {
    world = new GbaWorld(directory);
    usim = Subscribers.usim();
    receiver =
        new GpiReceiver(
            usim, Subscribers.ALICE, new CompactGpi(GbaWorld.BSF), GbaWorld.KMS, world.clock());
  }

  @AfterEach
  void close() {
    usim.close();
    world.close();
  }

  /// A push as the KMS gets it of the BSF; the name of its key first.
  private record Push(String tid, List<byte[]> gpi) {}

  private Push push() throws Exception {
    try (PushInfo made =
        world.bsf().direct(GbaWorld.KMS).push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow()) {
      return new Push(made.key().tid().text(), List.of(made.gpi()));
    }
  }

  private String nextCall() throws InterruptedException {
    String call = called.poll(60, TimeUnit.SECONDS);
    return call == null ? "nothing" : call;
  }

  /// What came before is judged when the call of a later one has come.
  @Test
  void followsAPushOnceAndAnswersNothing() throws Exception {
    try (PushPort port =
            PushPort.open(ANY, receiver, key -> called.add(key.tid().text()), world.clock());
        var stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        UdpPush network = UdpPush.open(_ -> Optional.of(port.local()))) {
      Push first = push();
      network.send(Subscribers.ALICE_PUBLIC, first.gpi.getFirst());
      assertThat(nextCall()).isEqualTo(first.tid);

      network.send(Subscribers.ALICE_PUBLIC, first.gpi.getFirst());
      stranger.send(new DatagramPacket(new byte[0], 0, port.local()));
      stranger.send(new DatagramPacket(new byte[140], 140, port.local()));
      stranger.send(new DatagramPacket(new byte[1400], 1400, port.local()));
      Push second = push();
      network.send(Subscribers.ALICE_PUBLIC, second.gpi.getFirst());

      assertThat(nextCall()).isEqualTo(second.tid);
      assertThat(port.good()).isEqualTo(2);
      assertThat(port.refused(Reason.REPLAYED)).isEqualTo(1);
      assertThat(port.refused(Reason.MALFORMED)).isEqualTo(3);
      stranger.setSoTimeout(1);
      assertThatThrownBy(() -> stranger.receive(new DatagramPacket(new byte[1], 1)))
          .isInstanceOf(IOException.class);
    }
    assertThat(called).isEmpty();
  }

  /// Row 31 of the threats.
  @Test
  void doesNotListenToAnAddressThatFloods() throws Exception {
    try (PushPort port =
            PushPort.open(ANY, receiver, key -> called.add(key.tid().text()), world.clock());
        UdpPush network = UdpPush.open(_ -> Optional.of(port.local()))) {
      for (int i = 0; i < 30; i++) {
        network.send(Subscribers.ALICE_PUBLIC, new byte[] {1});
      }
      Push unheard = push();
      network.send(Subscribers.ALICE_PUBLIC, unheard.gpi.getFirst());
      while (port.refused(Reason.MALFORMED) + port.refused(Reason.TOO_MANY) < 31) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      assertThat(port.refused(Reason.MALFORMED)).isEqualTo(10);
      world.clock().pass(Duration.ofMinutes(2));
      Push heard = push();
      network.send(Subscribers.ALICE_PUBLIC, heard.gpi.getFirst());
      assertThat(nextCall()).isEqualTo(heard.tid);
    }
  }

  @Test
  void goesOnAfterACallThatFailed() throws Exception {
    try (PushPort port =
            PushPort.open(
                ANY,
                receiver,
                key -> {
                  called.add(key.tid().text());
                  throw new IllegalStateException("no server");
                },
                world.clock());
        UdpPush network = UdpPush.open(_ -> Optional.of(port.local()))) {
      for (int i = 0; i < 2; i++) {
        Push push = push();
        network.send(Subscribers.ALICE_PUBLIC, push.gpi.getFirst());
        assertThat(nextCall()).isEqualTo(push.tid);
      }
      InetSocketAddress taken = port.local();
      assertThatThrownBy(() -> PushPort.open(taken, receiver, _ -> {}, world.clock()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("UDP 127.0.0.1:" + taken.getPort() + " for pushes cannot be bound");
    }
  }

  @Test
  void takesFilesThatWaitAndThatCome() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("pushes"));
    var network = new FilePush(folder);
    Push first = push();
    network.send(Subscribers.ALICE_PUBLIC, first.gpi.getFirst());
    try (PushFolder ear =
        PushFolder.open(
            folder, Subscribers.ALICE_PUBLIC, receiver, key -> called.add(key.tid().text()))) {
      assertThat(nextCall()).isEqualTo(first.tid);
      network.send(Subscribers.ALICE_PUBLIC, first.gpi.getFirst());
      Push second = push();
      network.send(Subscribers.ALICE_PUBLIC, second.gpi.getFirst());
      assertThat(nextCall()).isEqualTo(second.tid);
      assertThat(ear.good()).isEqualTo(2);
      assertThat(ear.refused(Reason.REPLAYED)).isEqualTo(1);
    }
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }
}
