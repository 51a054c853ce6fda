package parley.gateway.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One recording being written: records into blocks, blocks to the disk.
///
/// **Append only.** A block is written behind the last one that is safely on the device, and never
/// again once it is there. When the disk refuses, the block stays in memory and takes further
/// records while it has room; the next [#flush] writes it at the same place. Confined to the writer
/// thread.
final class RecordingFile {
  private final RecordingHeader header;
  private final RecordingStorage storage;
  private final BlockBuilder blocks;
  private RecordingStorage.@Nullable Sink sink;
  private long safeOctets;
  private boolean ended;

  /// Nothing touches the disk before the first [#flush].
  RecordingFile(RecordingHeader header, RecordingStorage storage, int blockOctets) {
    this.header = header;
    this.storage = storage;
    this.blocks = new BlockBuilder(blockOctets);
    byte[] text = header.fields().encode();
    blocks.begin(RecordType.HEADER, text.length).put(text);
  }

  RecordingHeader header() {
    return header;
  }

  /// Where it is written, null before the file was made.
  @Nullable Path path() {
    return sink == null ? null : sink.path();
  }

  boolean hasUnflushed() {
    return !blocks.isEmpty();
  }

  long safeOctets() {
    return safeOctets;
  }

  byte[] chainHead() {
    return blocks.head();
  }

  /// Whether a record with so many octets of packet fits the present block.
  boolean hasRoom(int octets) {
    return blocks.hasRoom(2 * Long.BYTES + octets);
  }

  void announcement(long nanos, ByteBuffer octets) {
    blocks.begin(RecordType.ANNOUNCEMENT, 8 + octets.remaining()).putLong(nanos).put(octets);
  }

  void srtp(long nanos, long index, ByteBuffer octets) {
    blocks
        .begin(RecordType.SRTP, 16 + octets.remaining())
        .putLong(nanos)
        .putLong(index)
        .put(octets);
  }

  void srtcp(long nanos, ByteBuffer octets) {
    blocks.begin(RecordType.SRTCP, 8 + octets.remaining()).putLong(nanos).put(octets);
  }

  void gap(Entry.Gap gap) {
    blocks
        .begin(RecordType.GAP, 33)
        .putLong(gap.firstNanos())
        .putLong(gap.lastNanos())
        .putLong(gap.packets())
        .putLong(gap.octets())
        .put(gap.cause().code());
  }

  /// Writes the present block; everything before is on the device on return.
  void flush() throws IOException {
    if (sink == null) {
      sink = storage.create(header);
    }
    if (safeOctets == 0) {
      sink.write(ByteBuffer.wrap(Blocks.magic()), 0);
      safeOctets = Blocks.MAGIC_OCTETS;
    }
    if (!blocks.isEmpty()) {
      writeBlock(sink);
    }
  }

  /// Writes the end record and the block that seals the chain; nothing may follow. May be called
  /// again after it failed.
  void close(Entry.End end) throws IOException {
    flush();
    if (!ended) {
      byte[] text = end.fields().encode();
      blocks.begin(RecordType.END, text.length).put(text);
      ended = true;
      flush();
    }
    if (sink != null) {
      writeBlock(sink);
    }
    abandon();
  }

  /// Closes the file as it is on the disk now.
  void abandon() {
    if (sink != null) {
      sink.close();
    }
  }

  private void writeBlock(RecordingStorage.Sink to) throws IOException {
    ByteBuffer block = blocks.seal();
    to.write(block.duplicate(), safeOctets);
    safeOctets += block.limit();
    blocks.written(block);
  }
}
