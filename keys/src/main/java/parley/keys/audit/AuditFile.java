package parley.keys.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The open end of the log. One writer at a time.
interface AuditFile extends Closeable {
  /// How a file is opened; tests open files that fail.
  interface Opener {
    AuditFile open(Path file) throws IOException;
  }

  /// Writes all of `octets` at the end and waits for the disk; part of them may be there after an
  /// exception.
  void append(byte[] octets) throws IOException;

  /// Cuts off what is behind the first `length` octets, and waits for the disk.
  void truncate(long length) throws IOException;

  /// Locks `file`, which nobody but its owner may read, after making it where it is not there.
  static AuditFile open(Path file) throws IOException {
    boolean isNew = Files.notExists(file);
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      lock(channel, file);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      if (isNew) {
        AuditFiles.force(file.toAbsolutePath().getParent());
      }
      return new OnDisk(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void lock(FileChannel channel, Path file) throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException _) {
      // held by this process; said below
    }
    throw new IOException(file + " is written by another gateway; give each its own audit.file");
  }

  /// A file of the file system.
  record OnDisk(FileChannel channel) implements AuditFile {
    @Override
    public void append(byte[] octets) throws IOException {
      channel.position(channel.size());
      ByteBuffer rest = ByteBuffer.wrap(octets);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }

    @Override
    public void truncate(long length) throws IOException {
      channel.truncate(length);
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
