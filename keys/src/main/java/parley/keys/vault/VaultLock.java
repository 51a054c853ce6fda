package parley.keys.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file `<vault>.lock`: one process at a time, and a mark of the last counter written.
///
/// The vault itself is replaced at each write, so the lock needs a file of its own; it is never
/// deleted, because a lock on a deleted file locks nobody out. Its content is the mark `counter 8 |
/// complement of the counter 8`: written after the vault, so it is never ahead of it unless
/// somebody put an older vault back. The mark is a witness, not a wall: it carries no MAC, because
/// whoever may write here may as well delete it or restore both files at once.
final class VaultLock implements AutoCloseable {
  private static final int MARK_OCTETS = 16;

  private final Path file;
  private final FileChannel channel;

  private VaultLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static VaultLock take(Path vault) throws VaultException {
    Path file = vault.resolveSibling(vault.getFileName() + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              Disk.ownerOnly(file));
      if (tryLock(channel) == null) {
        channel.close();
        throw new VaultException(
            "vault " + vault + " is in use by another process; stop that one first");
      }
      return new VaultLock(file, channel);
    } catch (IOException e) {
      throw new VaultException(
          "vault %s cannot be locked (%s); check that its directory exists and may be written"
              .formatted(vault, Disk.reason(e)),
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // this very process has it open
    }
  }

  /// Leaves a witness that the vault has reached `counter`.
  void mark(long counter) throws IOException {
    var out = ByteBuffer.allocate(MARK_OCTETS).putLong(counter).putLong(~counter).flip();
    channel.write(out, 0);
  }

  /// The last counter witnessed, or 0 when there is none.
  long marked() throws IOException {
    var in = ByteBuffer.allocate(MARK_OCTETS);
    boolean whole = channel.read(in, 0) == MARK_OCTETS && in.getLong(0) == ~in.getLong(8);
    return whole ? in.getLong(0) : 0;
  }

  Path file() {
    return file;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // the process's end releases the lock at the latest
    }
  }
}
