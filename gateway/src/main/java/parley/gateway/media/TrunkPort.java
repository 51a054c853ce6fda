package parley.gateway.media;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// One group's share of a trunk: a port like any other, on a socket that others share.
///
/// What it queues is copied, so it leaves when the trunk does, at the end of the loop's turn, and
/// its losses are those of its leg. Where the group listens, nothing is said: who sent a frame is
/// another gateway, which does not listen there.
final class TrunkPort implements MediaPort {
  private final Trunk trunk;
  private final GroupTag tag;
  private @Nullable BatchReader reader;
  private boolean isClosed;
  private long unsaid;

  TrunkPort(Trunk trunk, GroupTag tag) {
    this.trunk = trunk;
    this.tag = tag;
  }

  GroupTag tag() {
    return tag;
  }

  @Override
  public boolean isTrunk() {
    return true;
  }

  @Override
  public InetSocketAddress local() {
    return trunk.socket().local();
  }

  @Override
  public void start(BatchReader newReader) {
    boolean isNew = reader == null;
    reader = newReader;
    if (isNew) {
      trunk.hear(this);
    }
  }

  void read(ReceivedBatch batch) {
    BatchReader to = reader;
    if (to != null) {
      to.read(this, batch);
    }
  }

  int outputsPerPacket() {
    BatchReader to = reader;
    return to == null ? 1 : to.outputsPerPacket();
  }

  boolean isLowLatency() {
    BatchReader to = reader;
    return to != null && to.isLowLatency();
  }

  @Override
  public void send(PacketBatch batch, int slot, Destination to) {
    if (trunk.isHeard()) {
      unsaid++;
    } else {
      trunk.socket().send(batch, slot, to);
    }
  }

  @Override
  public void send(ByteBuffer octets, Destination to) {
    if (trunk.isHeard()) {
      unsaid++;
    } else {
      trunk.socket().send(octets, to);
    }
  }

  @Override
  public void flush() {
    trunk.socket().flush();
  }

  @Override
  public long sendsFull() {
    return 0;
  }

  @Override
  public long sendsFailed() {
    return unsaid;
  }

  @Override
  public @Nullable String fault() {
    return trunk.socket().fault();
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      trunk.leave(this);
      reader = null;
    }
  }
}
