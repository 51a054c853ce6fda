package parley.keys.gba.aka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The memory of a software USIM in a file: `"parleySQ" 8 | 32 x SEQ 8 | SHA-256 32`, replaced
/// whole.
///
/// Held by one process at a time, by a lock on the file beside it; two would take one challenge
/// each. A file that is missing is an error: whoever put zeros in its place would accept every
/// challenge of the past again.
public final class SqnFile implements SqnMemory, AutoCloseable {
  private static final long MAGIC = 0x7061726c65795351L;
  private static final int DIGEST_OCTETS = 32;
  private static final int BODY_OCTETS = Long.BYTES * (1 + Sqn.INDS);

  private final Path file;
  private final FileChannel lockChannel;

  private SqnFile(Path file, FileChannel lockChannel) {
    this.file = file;
    this.lockChannel = lockChannel;
  }

  /// For a USIM that has seen nothing.
  ///
  /// @throws IOException if the file is there already
  public static SqnFile create(Path file) throws IOException {
    SqnFile created = locked(file);
    boolean done = false;
    try {
      if (Files.exists(file)) {
        throw new IOException("USIM memory " + file + " is there already; open it instead");
      }
      created.store(new long[Sqn.INDS]);
      done = true;
      return created;
    } finally {
      if (!done) {
        created.close();
      }
    }
  }

  public static SqnFile open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(
          "there is no USIM memory "
              + file
              + "; restore it, or create one for a USIM that was never used");
    }
    return locked(file);
  }

  private static SqnFile locked(Path file) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw new IOException("USIM memory " + file + " is used by another process; stop that one");
    }
    return new SqnFile(file, channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  @Override
  public long[] load() throws IOException {
    byte[] octets = Files.readAllBytes(file);
    if (octets.length != BODY_OCTETS + DIGEST_OCTETS) {
      throw damaged();
    }
    byte[] body = Arrays.copyOf(octets, BODY_OCTETS);
    byte[] digest = Arrays.copyOfRange(octets, BODY_OCTETS, octets.length);
    ByteBuffer in = ByteBuffer.wrap(body);
    if (!MessageDigest.isEqual(digest, sha256(body)) || in.getLong() != MAGIC) {
      throw damaged();
    }
    long[] seqs = new long[Sqn.INDS];
    in.asLongBuffer().get(seqs);
    return seqs;
  }

  private IOException damaged() {
    return new IOException("USIM memory " + file + " is damaged; restore a copy of it");
  }

  /// Written beside, forced, renamed, and the rename forced.
  @Override
  public void store(long[] seqs) throws IOException {
    byte[] body = new byte[BODY_OCTETS];
    ByteBuffer.wrap(body).putLong(MAGIC).asLongBuffer().put(seqs, 0, Sqn.INDS);
    ByteBuffer out = ByteBuffer.allocate(BODY_OCTETS + DIGEST_OCTETS).put(body).put(sha256(body));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      out.flip();
      while (out.hasRemaining()) {
        channel.write(out);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private static byte[] sha256(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /// Lets another process open it.
  @Override
  public void close() throws IOException {
    lockChannel.close();
  }

  @Override
  public String toString() {
    return "SqnFile[" + file + "]";
  }
}
