package parley.gateway.record;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A file that appears whole or not at all: written under a temporary name beside its place, forced
/// to the device, renamed. Only its owner can read it: it holds what the keys protected.
final class OutputFile implements Closeable {
  private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(OutputFile::removeUnfinished, "unfinished"));
  }

  private final Path target;
  private final Path temporary;
  private final boolean replace;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

  /// @param replace whether a file in that place may go
  /// @throws FileAlreadyExistsException when there is one and it may not
  OutputFile(Path target, boolean replace) throws IOException {
    this.target = target.toAbsolutePath();
    this.replace = replace;
    requireFree();
    Path directory = this.target.resolveSibling("");
    Files.createDirectories(directory);
    temporary = Files.createTempFile(directory, "." + target.getFileName(), ".part");
    UNFINISHED.add(temporary);
    channel = FileChannel.open(temporary, WRITE);
  }

  /// A Ctrl-C in the middle leaves nothing.
  private static void removeUnfinished() {
    for (Path file : UNFINISHED) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException _) {
        // it stays, hidden and marked as a part
      }
    }
  }

  /// A buffer with room for `octets`, at most 64 KiB, to be filled before the next call.
  ByteBuffer room(int octets) throws IOException {
    if (buffer.remaining() < octets) {
      drain();
    }
    return buffer;
  }

  void write(byte[] octets, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int piece = Math.min(length - done, buffer.capacity());
      room(piece).put(octets, offset + done, piece);
      done += piece;
    }
  }

  void write(byte[] octets) throws IOException {
    write(octets, 0, octets.length);
  }

  /// Overwrites octets that were written before.
  void patch(long position, ByteBuffer octets) throws IOException {
    drain();
    long at = position;
    while (octets.hasRemaining()) {
      at += channel.write(octets, at);
    }
  }

  Path finish() throws IOException {
    drain();
    channel.force(true);
    channel.close();
    if (replace) {
      Files.move(temporary, target, ATOMIC_MOVE, REPLACE_EXISTING);
    } else {
      requireFree();
      Files.move(temporary, target);
    }
    return target;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
    UNFINISHED.remove(temporary);
  }

  private void requireFree() throws IOException {
    if (!replace && Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }
}
