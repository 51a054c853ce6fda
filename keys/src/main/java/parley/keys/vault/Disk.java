package parley.keys.vault;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

/// The steps that change a file so that a crash leaves the old octets or the new ones: replaced by
/// another file, or made longer by octets that prove themselves whole.
///
/// Each step is one method, so that a test can fail before, in the middle of and after it.
interface Disk {
  /// The octets of `file` from the first on, `most` at most.
  byte[] read(Path file, int most) throws IOException;

  /// Creates `file` for its owner alone (mode 0600), writes `octets` and forces them to the device.
  void writeNew(Path file, byte[] octets) throws IOException;

  /// Puts `from` in the place of `to`, atomically.
  void rename(Path from, Path to) throws IOException;

  /// Makes a rename in `directory` survive a power cut.
  void syncDirectory(Path directory) throws IOException;

  /// Writes `octets` at `at`, the end of `file`, which exists, and forces them to the device.
  void append(Path file, long at, byte[] octets) throws IOException;

  /// Makes `file` end at `at` and forces that to the device.
  void cut(Path file, long at) throws IOException;

  /// Removes `file` where it exists.
  void delete(Path file) throws IOException;

  /// The disk of this machine.
  static Disk local() {
    return LocalDisk.INSTANCE;
  }

  /// Why an operation failed, in words for an operator and without the path, which the caller
  /// names.
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file or directory";
      case AccessDeniedException _ -> "access denied";
      case FileNotFoundException f -> behindThePath(String.valueOf(f.getMessage()));
      case FileSystemException f when f.getReason() != null ->
          f.getReason().toLowerCase(Locale.ROOT);
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  /// What a [FileNotFoundException] says in brackets behind the path.
  private static String behindThePath(String message) {
    String words = message.substring(message.lastIndexOf('(') + 1);
    return words.replace(")", "").toLowerCase(Locale.ROOT);
  }

  /// How files are created here: for the owner alone where the file system knows owners.
  static FileAttribute<?>[] ownerOnly(Path file) {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /// The real thing.
  ///
  /// A file is made longer and shorter by [RandomAccessFile]: an interrupt of the thread would
  /// close a channel in the middle of it, and fail the cutting back as well.
  enum LocalDisk implements Disk {
    INSTANCE;

    @Override
    public byte[] read(Path file, int most) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        return in.readNBytes(most);
      }
    }

    @Override
    public void writeNew(Path file, byte[] octets) throws IOException {
      delete(file); // what a crash left behind
      var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (FileChannel channel = FileChannel.open(file, options, ownerOnly(file))) {
        ByteBuffer rest = ByteBuffer.wrap(octets);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      try {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        throw new IOException("this file system cannot rename atomically", e);
      }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }

    @Override
    public void append(Path file, long at, byte[] octets) throws IOException {
      try (var out = new RandomAccessFile(file.toFile(), "rw")) {
        out.seek(at);
        out.write(octets);
        out.getFD().sync();
      }
    }

    @Override
    public void cut(Path file, long at) throws IOException {
      try (var out = new RandomAccessFile(file.toFile(), "rw")) {
        out.setLength(at);
        out.getFD().sync();
      }
    }

    @Override
    public void delete(Path file) throws IOException {
      Files.deleteIfExists(file);
    }
  }
}
