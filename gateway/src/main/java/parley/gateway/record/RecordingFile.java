package parley.gateway.record;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One recording being written: records into blocks, blocks to the disk.
///
/// **Append only.** A block is written behind the last one that is safely on the device, and never
/// again once it is there. When the disk refuses, the block stays in memory and takes further
/// records while it has room; the next [#flush] writes it at the same place.
///
/// **Never into nowhere.** A file that was taken away while it was written (removed, moved, its
/// disk unmounted) is left as it was, and the recording goes on in another whose header names it.
/// Each block is in exactly one of them.
///
/// The first block holds the header, and in a continuation the announcement that started the burst,
/// so that each file proves its talker without the other. Confined to the writer thread.
final class RecordingFile {
  private final RecordingStorage storage;
  private final BlockBuilder blocks;
  private RecordingHeader header;
  private RecordingStorage.@Nullable Sink sink;
  private long safeOctets;
  private RecordedCounts safe = RecordedCounts.NONE;
  private byte @Nullable [] firstAnnouncement;
  private long firstAnnouncementNanos;
  private long totalOctets;
  private long totalPackets;
  private boolean ended;
  private @Nullable Path gone;

  // what the present block holds
  private long srtpPackets;
  private long srtpOctets;
  private long srtcpPackets;
  private long announcements;
  private long lostPackets;

  /// Nothing touches the disk before the first [#flush].
  RecordingFile(RecordingHeader header, RecordingStorage storage, int blockOctets) {
    this.header = header;
    this.storage = storage;
    this.blocks = new BlockBuilder(blockOctets);
  }

  RecordingHeader header() {
    return header;
  }

  /// Where it is written, null before the file was made.
  @Nullable Path path() {
    return sink == null ? null : sink.path();
  }

  /// Whether a [#flush] would write something.
  boolean hasUnflushed() {
    return safeOctets == 0 || !blocks.isEmpty();
  }

  /// That are on the device, in all files of this recording.
  long totalOctets() {
    return totalOctets;
  }

  /// SRTP, SRTCP and announcements that are on the device, in all files of this recording.
  long totalPackets() {
    return totalPackets;
  }

  byte[] chainHead() {
    return blocks.head();
  }

  /// Whether a record with so many octets of packet fits the present block.
  boolean hasRoom(int octets) {
    return blocks.hasRoom(2 * Long.BYTES + octets);
  }

  /// The present block is full before its time.
  void grow() {
    blocks.grow();
  }

  void announcement(long nanos, ByteBuffer octets) {
    if (firstAnnouncement == null) {
      firstAnnouncement = new byte[octets.remaining()];
      octets.get(octets.position(), firstAnnouncement);
      firstAnnouncementNanos = nanos;
    }
    announcements++;
    put(blocks, nanos, octets);
  }

  private static void put(BlockBuilder to, long nanos, ByteBuffer announcement) {
    to.begin(RecordType.ANNOUNCEMENT, 8 + announcement.remaining())
        .putLong(nanos)
        .put(announcement);
  }

  void srtp(long nanos, long index, ByteBuffer octets) {
    srtpPackets++;
    srtpOctets += octets.remaining();
    blocks
        .begin(RecordType.SRTP, 16 + octets.remaining())
        .putLong(nanos)
        .putLong(index)
        .put(octets);
  }

  void srtcp(long nanos, ByteBuffer octets) {
    srtcpPackets++;
    blocks.begin(RecordType.SRTCP, 8 + octets.remaining()).putLong(nanos).put(octets);
  }

  void gap(Entry.Gap gap) {
    lostPackets += gap.packets();
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
    leaveIfGone();
    if (sink == null) {
      sink = storage.create(header);
    }
    if (safeOctets == 0) {
      open(sink);
    }
    if (!blocks.isEmpty()) {
      writeBlock(sink);
    }
  }

  /// The file that was taken away and is continued by now; told once, null for none.
  @Nullable Path takeGone() {
    Path taken = gone;
    gone = null;
    return taken;
  }

  private void leaveIfGone() throws IOException {
    if (sink == null || sink.isInPlace()) {
      return;
    }
    Path left = sink.path();
    sink.close();
    sink = null;
    if (safeOctets > 0) {
      gone = left;
      header = header.continuing(left.getFileName().toString(), safe.srtpPackets(), blocks.head());
      safeOctets = 0;
      safe = RecordedCounts.NONE;
      ended = false;
    }
  }

  /// Magic and first block in one write: a file either says what it is, or nothing.
  private void open(RecordingStorage.Sink to) throws IOException {
    byte[] text = header.fields().encode();
    byte[] announcement = header.isContinuation() ? firstAnnouncement : null;
    ByteBuffer sealed = firstBlock(text, announcement).seal();
    ByteBuffer start = ByteBuffer.allocate(Blocks.MAGIC_OCTETS + sealed.limit());
    start.put(Blocks.magic()).put(sealed.duplicate()).flip();
    to.write(start, 0);
    safeOctets = start.limit();
    totalOctets += safeOctets;
    safe = announcement == null ? RecordedCounts.NONE : new RecordedCounts(0, 0, 0, 1, 0);
    blocks.follow(sealed);
  }

  private BlockBuilder firstBlock(byte[] text, byte @Nullable [] announcement) {
    int octets = text.length + (announcement == null ? 0 : announcement.length);
    var first = new BlockBuilder(octets + 8 + 2 * Blocks.RECORD_HEADER_OCTETS);
    first.begin(RecordType.HEADER, text.length).put(text);
    if (announcement != null) {
      put(first, firstAnnouncementNanos, ByteBuffer.wrap(announcement));
    }
    return first;
  }

  /// Writes the end record and the block that seals the chain; nothing may follow. May be called
  /// again after it failed.
  void close(String reason, String at) throws IOException {
    flush();
    RecordingStorage.Sink to = requireNonNull(sink);
    if (!ended) {
      writeEnd(new Entry.End(reason, at, safe), to);
    }
    writeBlock(to);
    abandon();
  }

  /// An end that could not be written is dropped: it is made anew, and maybe for another file.
  private void writeEnd(Entry.End end, RecordingStorage.Sink to) throws IOException {
    byte[] text = end.fields().encode();
    blocks.begin(RecordType.END, text.length).put(text);
    try {
      writeBlock(to);
    } catch (IOException e) {
      blocks.clear();
      throw e;
    }
    ended = true;
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
    totalOctets += block.limit();
    totalPackets += inBlock().packets();
    blocks.written(block);
    safe = safe.plus(inBlock());
    srtpPackets = 0;
    srtpOctets = 0;
    srtcpPackets = 0;
    announcements = 0;
    lostPackets = 0;
  }

  /// What the present block holds.
  RecordedCounts inBlock() {
    return new RecordedCounts(srtpPackets, srtpOctets, srtcpPackets, announcements, lostPackets);
  }
}
