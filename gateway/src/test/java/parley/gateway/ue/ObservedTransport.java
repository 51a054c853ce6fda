package parley.gateway.ue;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.BatchReader;
import parley.gateway.media.Destination;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaPort;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.PortUnavailable;
import parley.srtp.PacketBatch;

/// A transport that does what another does and writes down what its sockets are told, in order.
final class ObservedTransport implements MediaTransport {
  private final MediaTransport transport;
  private final List<String> calls = new CopyOnWriteArrayList<>();

  /// `transport` stays the caller's.
  ObservedTransport(MediaTransport transport) {
    this.transport = transport;
  }

  /// announcement, packet, flush.
  List<String> calls() {
    return calls;
  }

  @Override
  public String name() {
    return transport.name();
  }

  @Override
  public EventLoop nextLoop() {
    return transport.nextLoop();
  }

  @Override
  public MediaPort bind(Leg listen, EventLoop loop) throws PortUnavailable {
    return new Observed(transport.bind(listen, loop));
  }

  @Override
  public MediaPort sender(@Nullable Leg out, EventLoop loop) throws PortUnavailable {
    return new Observed(transport.sender(out, loop));
  }

  @Override
  public void close() {}

  private final class Observed implements MediaPort {
    private final MediaPort port;

    private Observed(MediaPort port) {
      this.port = port;
    }

    @Override
    public InetSocketAddress local() {
      return port.local();
    }

    @Override
    public void start(BatchReader reader) {
      port.start(reader);
    }

    @Override
    public void send(PacketBatch batch, int slot, Destination to) {
      calls.add("packet");
      port.send(batch, slot, to);
    }

    @Override
    public void send(ByteBuffer octets, Destination to) {
      calls.add("announcement");
      port.send(octets, to);
    }

    @Override
    public void flush() {
      calls.add("flush");
      port.flush();
    }

    @Override
    public long sendsFull() {
      return port.sendsFull();
    }

    @Override
    public long sendsFailed() {
      return port.sendsFailed();
    }

    @Override
    public void close() {
      port.close();
    }
  }
}
