package parley.keys.vault;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The file `<vault>.lock`: one process at a time, and a mark of the last counter written.
///
/// The vault itself is replaced now and then, so the lock needs a file of its own; it is never
/// deleted, because a lock on a deleted file locks nobody out. Its content is the mark `counter 8 |
/// complement of the counter 8`: written after the vault, so it is never ahead of it unless
/// somebody put an older vault back, or what was acknowledged at its end is spoilt. The mark is a
/// witness, not a wall: it carries no MAC, because whoever may write here may as well delete it or
/// restore both files at once.
///
/// A lock of POSIX belongs to the process, and closing any descriptor of the file ends it. So a
/// file that this process has locked is not opened a second time, not even to find out: [#HELD]
/// knows.
///
/// The mark is written past the channel that holds the lock: an interrupt of the thread would close
/// that channel and so let another process in.
final class VaultLock implements AutoCloseable {
  private static final int MARK_OCTETS = 16;
  private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final Object identity;
  private final RandomAccessFile open;
  private final AtomicBoolean closed = new AtomicBoolean();

  private VaultLock(Path file, Object identity, RandomAccessFile open) {
    this.file = file;
    this.identity = identity;
    this.open = open;
  }

  static VaultLock take(Path vault) throws VaultException {
    Path file = vault.resolveSibling(vault.getFileName() + ".lock");
    try {
      Object identity = identity(file);
      if (!HELD.add(identity)) {
        throw inUse(vault);
      }
      return locked(vault, file, identity);
    } catch (IOException e) {
      throw new VaultException(
          "vault %s cannot be locked (%s); check that its directory exists and may be written"
              .formatted(vault, Disk.reason(e)),
          e);
    }
  }

  private static VaultLock locked(Path vault, Path file, Object identity)
      throws IOException, VaultException {
    RandomAccessFile open = null;
    boolean done = false;
    try {
      open = new RandomAccessFile(file.toFile(), "rw");
      if (!isLocked(open.getChannel())) {
        throw inUse(vault);
      }
      done = true;
      return new VaultLock(file, identity, open);
    } finally {
      if (!done) {
        if (open != null) {
          open.close();
        }
        HELD.remove(identity);
      }
    }
  }

  private static VaultException inUse(Path vault) {
    return new VaultException(
        "vault " + vault + " is in use by another process; stop that one first");
  }

  /// Makes the file where there is none. By device and inode, so that a second path to it is known.
  private static Object identity(Path file) throws IOException {
    if (!Files.exists(file)) {
      try {
        Files.createFile(file, Disk.ownerOnly(file));
      } catch (FileAlreadyExistsException _) {
        // another process was faster; the lock decides
      }
    }
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file.toRealPath() : key;
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false; // this very process has it open
    }
  }

  /// Leaves a witness that the vault has reached `counter`.
  void mark(long counter) throws IOException {
    open.seek(0);
    open.write(ByteBuffer.allocate(MARK_OCTETS).putLong(counter).putLong(~counter).array());
  }

  /// The last counter witnessed, or 0 when there is none.
  long marked() throws IOException {
    open.seek(0);
    var in = ByteBuffer.allocate(MARK_OCTETS);
    boolean whole = open.read(in.array()) == MARK_OCTETS && in.getLong(0) == ~in.getLong(8);
    return whole ? in.getLong(0) : 0;
  }

  Path file() {
    return file;
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return; // another may hold it by now
    }
    try {
      open.close();
    } catch (IOException _) {
      // the process's end releases the lock at the latest
    }
    HELD.remove(identity);
  }
}
