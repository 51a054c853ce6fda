package parley.gateway.record;

import java.nio.ByteBuffer;

/// Collects records into the next block of one file.
///
/// A block that could not be written stays as it is and may still grow: number and chain head move
/// on only by [#written]. Confined to the writer thread.
final class BlockBuilder {
  /// A block may grow to so many times what it begins with.
  private static final int MOST_GROWTH = 8;

  private final int mostOctets;
  private int usualOctets;
  private ByteBuffer block;
  private byte[] head = Blocks.firstHead();
  private int number;

  /// @param usualOctets the body's size bound at first; one larger record still gets a block of its
  ///   own
  BlockBuilder(int usualOctets) {
    this.usualOctets = usualOctets;
    this.mostOctets = MOST_GROWTH * usualOctets;
    this.block = allocate(usualOctets);
  }

  private static ByteBuffer allocate(int bodyOctets) {
    return ByteBuffer.allocate(Blocks.HEADER_OCTETS + bodyOctets + Blocks.TRAILER_OCTETS)
        .position(Blocks.HEADER_OCTETS);
  }

  boolean isEmpty() {
    return bodyOctets() == 0;
  }

  int bodyOctets() {
    return block.position() - Blocks.HEADER_OCTETS;
  }

  /// Whether a record of `valueOctets` octets can still be put; an empty block takes any.
  boolean hasRoom(int valueOctets) {
    return isEmpty()
        || Blocks.RECORD_HEADER_OCTETS + valueOctets <= block.remaining() - Blocks.TRAILER_OCTETS;
  }

  /// A block was full before its time: the next ones may be twice as large, up to a limit, so that
  /// a fast stream does not wait for the device more often than a slow one.
  void grow() {
    usualOctets = Math.min(2 * usualOctets, mostOctets);
  }

  /// Starts a record and returns the buffer, into which the caller puts exactly `valueOctets`
  /// octets.
  ByteBuffer begin(RecordType type, int valueOctets) {
    int needed = Blocks.RECORD_HEADER_OCTETS + valueOctets;
    if (isEmpty() && needed > block.remaining() - Blocks.TRAILER_OCTETS) {
      block = allocate(needed);
    }
    return block.putInt(type.number() << 24 | valueOctets);
  }

  /// The whole block, ready to write; valid until the next call.
  ByteBuffer seal() {
    int body = bodyOctets();
    Blocks.seal(block, body, number, head);
    return block.slice(0, Blocks.HEADER_OCTETS + body + Blocks.TRAILER_OCTETS);
  }

  /// Says that `sealed` is on the disk: the next block begins.
  void written(ByteBuffer sealed) {
    head = Blocks.headAfter(sealed, 0, sealed.limit());
    number++;
    if (block.capacity() != Blocks.HEADER_OCTETS + usualOctets + Blocks.TRAILER_OCTETS) {
      block = allocate(usualOctets);
    }
    block.position(Blocks.HEADER_OCTETS);
  }

  /// Drops what was collected since the last block.
  void clear() {
    block.position(Blocks.HEADER_OCTETS);
  }

  /// Goes on behind `first`, a sealed block that another builder made: the present block, whatever
  /// is in it already, becomes the second of a new chain.
  void follow(ByteBuffer first) {
    head = Blocks.headAfter(first, 0, first.limit());
    number = 1;
  }

  /// The chain head over all blocks written.
  byte[] head() {
    return head.clone();
  }
}
