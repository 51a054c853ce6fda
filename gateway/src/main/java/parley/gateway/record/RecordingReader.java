package parley.gateway.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Reads a recording from its first record to its last, closed or not, whole or damaged.
///
/// Damage is never an exception: it is passed over and told by [#integrity]. Only a file without a
/// readable header is refused, because nothing in it has a meaning then.
final class RecordingReader implements AutoCloseable {
  private final FileChannel channel;
  private final BlockReader blocks;
  private final RecordingHeader header;
  private final ReadTotals totals = new ReadTotals();
  private ByteBuffer body = ByteBuffer.allocate(0);
  private Entry.@Nullable End end;

  private RecordingReader(FileChannel channel) throws IOException {
    this.channel = channel;
    this.blocks = new BlockReader(channel);
    this.header = readHeader();
  }

  /// @throws NotARecording when the file's own description cannot be read
  static RecordingReader open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new RecordingReader(channel);
    } catch (NothingRecorded e) {
      channel.close();
      throw new NothingRecorded(file + " " + e.getMessage());
    } catch (NotARecording e) {
      channel.close();
      throw new NotARecording(file + " " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  RecordingHeader header() {
    return header;
  }

  /// The next record, or null behind the last readable one.
  @Nullable Entry next() throws IOException {
    while (true) {
      if (!body.hasRemaining()) {
        ByteBuffer next = blocks.next();
        if (next == null) {
          return null;
        }
        body = next;
      } else {
        Entry entry = readRecord();
        if (entry != null) {
          totals.count(entry);
          return entry;
        }
      }
    }
  }

  /// Reads what is left and drops it: for those who want [#integrity] and [#totals] only.
  void readAll() throws IOException {
    while (next() != null) {
      // the totals count
    }
  }

  /// What was read so far; whole once [#next] has returned null.
  ReadTotals totals() {
    return totals;
  }

  Entry.@Nullable End end() {
    return end;
  }

  /// Judged by what was read so far; whole once [#next] has returned null.
  Integrity integrity() {
    return blocks.integrity(end != null);
  }

  /// How far reading is, 0 to 1.
  double progress() {
    return (double) blocks.position() / blocks.size();
  }

  private RecordingHeader readHeader() throws IOException {
    ByteBuffer first = blocks.next();
    if (first == null && blocks.isOnlyABeginning()) {
      throw new NothingRecorded();
    }
    if (first == null || first.remaining() < Blocks.RECORD_HEADER_OCTETS) {
      throw new NotARecording("has no header");
    }
    body = first;
    int word = body.getInt();
    int length = word & 0xFFFFFF;
    if (word >>> 24 != RecordType.HEADER.number() || length > body.remaining()) {
      throw new NotARecording("has lost its header");
    }
    return RecordingHeader.of(Fields.decode(octets(take(length))));
  }

  private ByteBuffer take(int length) {
    ByteBuffer value = body.slice(body.position(), length);
    body.position(body.position() + length);
    return value;
  }

  private static byte[] octets(ByteBuffer value) {
    var octets = new byte[value.remaining()];
    value.get(octets);
    return octets;
  }

  /// Null for a record that is passed over.
  private @Nullable Entry readRecord() {
    int length = body.remaining() < 4 ? -1 : body.getInt(body.position()) & 0xFFFFFF;
    if (length < 0 || length > body.remaining() - Blocks.RECORD_HEADER_OCTETS) {
      blocks.damage("a record before octet %d is cut short".formatted(blocks.position()));
      body.position(body.limit());
      return null;
    }
    RecordType type = RecordType.of(body.getInt() >>> 24);
    ByteBuffer value = take(length);
    try {
      return entry(type, value);
    } catch (RuntimeException | NotARecording e) {
      blocks.damage("a record before octet %d makes no sense".formatted(blocks.position()));
      return null;
    }
  }

  private @Nullable Entry entry(@Nullable RecordType type, ByteBuffer value) throws NotARecording {
    return switch (type) {
      case ANNOUNCEMENT -> new Entry.Announcement(value.getLong(), value.slice());
      case SRTP -> new Entry.Srtp(value.getLong(), value.getLong(), value.slice());
      case SRTCP -> new Entry.Srtcp(value.getLong(), value.slice());
      case GAP ->
          new Entry.Gap(
              value.getLong(),
              value.getLong(),
              value.getLong(),
              value.getLong(),
              GapCause.of(value.get()));
      case END -> end(Entry.End.of(Fields.decode(octets(value))));
      case HEADER -> null;
      case null -> null; // of a later version, which knows what older ones may pass over
    };
  }

  /// The end says how many packets there must be; a chain made anew could not hide that some went.
  private Entry.End end(Entry.End read) {
    end = read;
    if (read.srtpPackets() != totals.srtpPackets() && blocks.isUnaltered()) {
      blocks.damage(
          "the end counts %d packets, but there are %d"
              .formatted(read.srtpPackets(), totals.srtpPackets()));
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
