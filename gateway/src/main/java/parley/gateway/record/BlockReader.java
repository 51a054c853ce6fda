package parley.gateway.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks the blocks of a recording, checks each, and goes on behind what is damaged.
///
/// What the file said when it was opened is read; what a writer adds later is not.
final class BlockReader {
  private static final int SCAN_OCTETS = 1 << 16;

  private final FileChannel channel;
  private final long size;
  private final List<String> damages = new ArrayList<>();
  private long position = Blocks.MAGIC_OCTETS;
  private long blocks;
  private long truncatedOctets;
  private int nextNumber;
  private byte[] head = Blocks.firstHead();
  private boolean isHeadKnown = true;
  private boolean sealed;

  BlockReader(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
    if (size < Blocks.MAGIC_OCTETS && read(0, (int) size).equals(magicStart((int) size))) {
      throw new NothingRecorded();
    }
    if (size < Blocks.MAGIC_OCTETS
        || !read(0, Blocks.MAGIC_OCTETS).equals(ByteBuffer.wrap(Blocks.magic()))) {
      throw new NotARecording("does not start as a recording of this format does");
    }
  }

  private static ByteBuffer magicStart(int octets) {
    return ByteBuffer.wrap(Blocks.magic(), 0, octets);
  }

  long position() {
    return position;
  }

  /// Whether the file breaks off before its first block is whole.
  boolean isOnlyABeginning() {
    return blocks == 0 && damages.isEmpty() && position == size;
  }

  long size() {
    return size;
  }

  /// The body of the next good block, or null behind the last one.
  @Nullable ByteBuffer next() throws IOException {
    while (position < size) {
      ByteBuffer body = size - position < Blocks.HEADER_OCTETS ? truncated() : block();
      if (body != null) {
        return body;
      }
    }
    return null;
  }

  boolean isUnaltered() {
    return damages.isEmpty();
  }

  void damage(String sentence) {
    damages.add(sentence);
  }

  Integrity integrity(boolean hasEnd) {
    return new Integrity(
        hasEnd && sealed ? Integrity.State.CLOSED : Integrity.State.UNCLOSED,
        blocks,
        size,
        truncatedOctets,
        HexFormat.of().formatHex(head),
        damages);
  }

  private @Nullable ByteBuffer truncated() {
    truncatedOctets = size - position;
    position = size;
    if (sealed) {
      damage("%d octets follow the seal".formatted(truncatedOctets));
    }
    return null;
  }

  /// Null where the block was no good; `position` has moved on either way.
  private @Nullable ByteBuffer block() throws IOException {
    ByteBuffer header = read(position, Blocks.HEADER_OCTETS);
    if (!Blocks.isHeader(header, 0)) {
      return skip("has no block where one should start");
    }
    int bodyOctets = Blocks.bodyOctets(header, 0);
    long end = position + Blocks.HEADER_OCTETS + bodyOctets + Blocks.TRAILER_OCTETS;
    if (end > size) {
      return findHeader(position + 1) < 0 ? truncated() : skip("has a block with a part missing");
    }
    ByteBuffer block = read(position, (int) (end - position));
    if (block.getInt(Blocks.HEADER_OCTETS + bodyOctets)
        != Blocks.crc(block, Blocks.HEADER_OCTETS, bodyOctets)) {
      return skipBody(end);
    }
    accept(block, end);
    return block.slice(Blocks.HEADER_OCTETS, bodyOctets).asReadOnlyBuffer();
  }

  private void accept(ByteBuffer block, long end) {
    int number = Blocks.number(block, 0);
    if (sealed) {
      damage("block %d at octet %d follows the seal".formatted(number, position));
    } else if (isHeadKnown
        && (number != nextNumber || !Arrays.equals(head, Blocks.head(block, 0)))) {
      damage(
          "block %d at octet %d does not continue the chain: something before it was altered, removed or added"
              .formatted(number, position));
    }
    head = Blocks.headAfter(block, 0, block.limit());
    isHeadKnown = true;
    nextNumber = number + 1;
    sealed = Blocks.bodyOctets(block, 0) == 0;
    blocks++;
    position = end;
  }

  /// A body that is not what was written costs its block, if the next one follows in its place.
  private @Nullable ByteBuffer skipBody(long end) throws IOException {
    boolean isNextInPlace =
        end == size
            || (size - end >= Blocks.HEADER_OCTETS
                && Blocks.isHeader(read(end, Blocks.HEADER_OCTETS), 0));
    if (!isNextInPlace) {
      return skip("has an altered block");
    }
    damage("%d octets at octet %d are an altered block".formatted(end - position, position));
    isHeadKnown = false;
    position = end;
    return null;
  }

  private @Nullable ByteBuffer skip(String what) throws IOException {
    long next = findHeader(position + 1);
    long end = next < 0 ? size : next;
    damage("octet %d %s; %d octets are passed over".formatted(position, what, end - position));
    isHeadKnown = false;
    position = end;
    return null;
  }

  /// Where the next whole block header stands, -1 for none.
  private long findHeader(long from) throws IOException {
    for (long at = from; size - at >= Blocks.HEADER_OCTETS; at += SCAN_OCTETS) {
      int length = (int) Math.min(size - at, SCAN_OCTETS + Blocks.HEADER_OCTETS - 1);
      ByteBuffer window = read(at, length);
      for (int i = 0; i + Blocks.HEADER_OCTETS <= length; i++) {
        if (Blocks.isHeader(window, i)) {
          return at + i;
        }
      }
    }
    return -1;
  }

  private ByteBuffer read(long at, int length) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(length);
    while (octets.hasRemaining()) {
      if (channel.read(octets, at + octets.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return octets.flip();
  }
}
