package parley.gateway.media;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import parley.srtp.PacketBatch;

/// Netty's buffers over the slots of one batch: made once, then only moved to a packet's length and
/// retained for each datagram that sends it.
final class BatchViews {
  private final PacketBatch batch;
  private final ByteBuf[] packets;
  private final ByteBuffer[] spaces;

  BatchViews(PacketBatch batch) {
    this.batch = batch;
    packets = new ByteBuf[batch.capacity()];
    spaces = new ByteBuffer[batch.capacity()];
    for (int slot = 0; slot < packets.length; slot++) {
      spaces[slot] = batch.buffer().slice(batch.offset(slot), batch.slotOctets());
      packets[slot] = Unpooled.wrappedBuffer(spaces[slot]);
    }
  }

  boolean isOf(PacketBatch other) {
    return batch == other;
  }

  /// The slot's packet, retained once more.
  ByteBuf retain(PacketBatch of, int slot) {
    return packets[slot].setIndex(0, of.length(slot)).retain();
  }

  /// The slot's memory, as long as its packet is, to be written.
  ByteBuffer space(PacketBatch of, int slot) {
    return spaces[slot].clear().limit(of.length(slot));
  }
}
