package parley.keys.kms;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// New files of a KMS: for their owner alone or for everybody to read, forced to the disk, and
/// never in the place of another.
public final class OwnFile {
  private OwnFile() {}

  /// Mode 0600, `octets` stay the caller's; durable on return.
  public static void writeSecret(Path file, byte[] octets) throws IOException {
    write(file, octets, "rw-------");
  }

  /// Mode 0644; durable on return.
  public static void writePublic(Path file, byte[] octets) throws IOException {
    write(file, octets, "rw-r--r--");
  }

  private static void write(Path file, byte[] octets, String permissions) throws IOException {
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, attributes(file, permissions))) {
      ByteBuffer rest = ByteBuffer.wrap(octets);
      while (rest.hasRemaining()) {
        int _ = channel.write(rest);
      }
      channel.force(true);
    } catch (IOException e) {
      throw new IOException("cannot write " + file + " (" + reason(e) + ")", e);
    }
    Path directory = file.toAbsolutePath().getParent();
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] attributes(Path file, String permissions) {
    boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return isPosix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static String reason(IOException e) {
    return e instanceof FileAlreadyExistsException
        ? "it exists already"
        : String.valueOf(e.getMessage());
  }

  /// @throws IOException if it is longer than `most` octets
  public static byte[] read(Path file, int most) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] octets = in.readNBytes(most + 1);
      if (octets.length > most) {
        throw new IOException(file + " is longer than " + most + " octets");
      }
      return octets;
    }
  }
}
