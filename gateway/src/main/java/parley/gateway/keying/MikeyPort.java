package parley.gateway.keying;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaPort;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.PortUnavailable;
import parley.gateway.media.ReceivedBatch;

/// MIKEY's own UDP port (2269): whatever is not MIKEY is dropped without a word.
public final class MikeyPort implements AutoCloseable {
  /// As registered for MIKEY (RFC 3830, 10).
  public static final int REGISTERED = 2269;

  private static final int VERSION = 0x01;

  private final EventLoop loop;
  private final MediaPort port;
  private final MikeyInbox inbox;

  private MikeyPort(EventLoop loop, MediaPort port, MikeyInbox inbox) {
    this.loop = loop;
    this.port = port;
    this.inbox = inbox;
  }

  /// Binds `address` and hands every MIKEY datagram to `inbox`.
  public static MikeyPort open(
      MediaTransport transport, InetSocketAddress address, MikeyInbox inbox)
      throws PortUnavailable {
    MikeyPort made = bind(transport, address, inbox);
    made.start();
    return made;
  }

  /// Binds `address`; what arrives waits in the kernel until `start`.
  public static MikeyPort bind(
      MediaTransport transport, InetSocketAddress address, MikeyInbox inbox)
      throws PortUnavailable {
    EventLoop loop = transport.nextLoop();
    return new MikeyPort(loop, transport.bind(Leg.unicast(address), loop), inbox);
  }

  /// Hands every MIKEY datagram to the inbox from now on.
  public void start() {
    loop.execute(() -> port.start((_, batch) -> read(batch)));
  }

  public InetSocketAddress local() {
    return port.local();
  }

  public EventLoop loop() {
    return loop;
  }

  /// Sends these octets from this port, now. On its loop.
  public void say(byte[] octets, InetSocketAddress to) {
    port.send(ByteBuffer.wrap(octets), to);
    port.flush();
  }

  private void read(ReceivedBatch batch) {
    for (int slot = 0; slot < batch.packets().size(); slot++) {
      byte[] octets = batch.packets().octets(slot);
      if (octets.length > 0 && octets[0] == VERSION) {
        InetSocketAddress source = batch.source(slot);
        var _ =
            inbox.direct(
                source,
                octets,
                batch.receivedUnixNanos(slot),
                MikeyInbox.reply(loop, port, source));
      }
    }
  }

  @Override
  public void close() {
    loop.execute(port::close);
  }
}
