package parley.gateway.media;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import parley.srtp.PacketBatch;

/// A trunk on the portable path: one datagram for each frame, which is copied and allocated. What
/// it hears its reader sorts, a [TrunkInbox].
final class NettyTrunk extends NettyPort {
  private final TrunkCounters counters;

  NettyTrunk(NettySocket socket, NettyTransport.LoopMemory memory, TrunkCounters counters) {
    super(socket, memory);
    this.counters = counters;
  }

  @Override
  void queue(Channel open, PacketBatch batch, int slot, Destination to) {
    int octets = batch.length(slot);
    ByteBuffer frame = frame(to, octets);
    frame.put(GroupTag.OCTETS, batch.buffer(), batch.offset(slot), octets);
    queueFrame(open, frame, to);
  }

  @Override
  void queue(Channel open, ByteBuffer octets, Destination to) {
    ByteBuffer frame = frame(to, octets.remaining());
    frame.put(GroupTag.OCTETS, octets, octets.position(), octets.remaining());
    queueFrame(open, frame, to);
  }

  private static ByteBuffer frame(Destination to, int octets) {
    ByteBuffer frame = ByteBuffer.allocate(GroupTag.OCTETS + octets);
    return frame.putLong(0, requireNonNull(to.tag(), "no leg of a trunk").octets());
  }

  private void queueFrame(Channel open, ByteBuffer frame, Destination to) {
    super.queue(open, frame, to);
    counters.carried(1, 1);
  }
}
