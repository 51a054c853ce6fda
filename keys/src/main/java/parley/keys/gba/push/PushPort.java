package parley.keys.gba.push;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.gba.push.GpiOutcome.Reason;
import parley.keys.gba.zn.NafKey;
import parley.keys.http.RequestLimits;

/// A UE's UDP port for pushes. Answers nothing, whatever comes.
///
/// One push at a time, on a thread of its own: while a good one is followed, the next waits in the
/// system's queue. An address that sends more than ten at once, and one each ten seconds after
/// that, is not listened to; then [GpiReceiver] has a limit for all.
public final class PushPort implements PushEar {
  private static final Logger LOG = LoggerFactory.getLogger(PushPort.class);
  private static final int BURST = 10;
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final DatagramSocket socket;
  private final PushDesk desk;
  private final RequestLimits addresses;
  private final Thread thread;

  private PushPort(DatagramSocket socket, PushDesk desk, InstantSource clock) {
    this.socket = socket;
    this.desk = desk;
    this.addresses = new RequestLimits(BURST, INTERVAL, clock);
    this.thread = Thread.ofPlatform().name("gba-push").daemon().unstarted(this::run);
  }

  /// Binds the port and begins to listen.
  ///
  /// @param called takes each good push and may take its time; the key is closed when it returns
  /// @throws IOException with one sentence if the port cannot be had
  public static PushPort open(
      InetSocketAddress listen, GpiReceiver receiver, Consumer<NafKey> called, InstantSource clock)
      throws IOException {
    DatagramSocket socket;
    try {
      socket = new DatagramSocket(listen);
    } catch (IOException e) {
      throw new IOException(
          "UDP %s:%d for pushes cannot be bound (%s); free it or choose another"
              .formatted(listen.getHostString(), listen.getPort(), e.getMessage()),
          e);
    }
    var port = new PushPort(socket, new PushDesk(receiver, called), clock);
    port.thread.start();
    return port;
  }

  /// Where it listens; tells the port when 0 was asked for.
  public InetSocketAddress local() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  @Override
  public long good() {
    return desk.good();
  }

  @Override
  public long refused(Reason reason) {
    return desk.refused(reason);
  }

  private void run() {
    var packet = new DatagramPacket(new byte[GpiCodec.MOST_OCTETS + 1], GpiCodec.MOST_OCTETS + 1);
    while (!socket.isClosed()) {
      try {
        packet.setLength(GpiCodec.MOST_OCTETS + 1);
        socket.receive(packet);
        take(packet);
      } catch (IOException e) {
        if (!socket.isClosed()) {
          LOG.atWarn()
              .setMessage("a push could not be received")
              .addKeyValue("reason", String.valueOf(e.getMessage()))
              .log();
        }
      }
    }
  }

  private void take(DatagramPacket packet) {
    if (packet.getLength() > GpiCodec.MOST_OCTETS) {
      desk.refuse(Reason.MALFORMED);
    } else if (!addresses.admits((InetSocketAddress) packet.getSocketAddress())) {
      desk.refuse(Reason.TOO_MANY);
    } else {
      desk.take(Arrays.copyOf(packet.getData(), packet.getLength()));
    }
  }

  /// Returns when the push that is being followed has come to its end.
  @Override
  public void close() {
    socket.close();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "PushPort[" + socket.getLocalSocketAddress() + "]";
  }
}
