package parley.gateway.record;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The directory of recordings: `<group>/<date>/<time>_<talker>_<CSB ID>.parley`, times in UTC.
///
/// A file has its final name from its first octet: nothing is renamed, so a kill loses no name, and
/// a recording is closed when its last block says so. Files have mode 0600, directories 0700.
///
/// Where the directory was on a disk of its own at the start, nothing is written while no disk is
/// mounted there: it would fill another one and lie hidden once the disk is back. (A bind mount
/// from the same disk cannot be told from a directory.)
final class RecordingDirectory implements RecordingStorage {
  static final String SUFFIX = ".parley";
  private static final DateTimeFormatter DATE = format("uuuu-MM-dd");
  private static final DateTimeFormatter TIME = format("HHmmss.SSS'Z'");

  private final Path root;
  private final @Nullable Path mountPoint;

  RecordingDirectory(Path root) {
    this.root = root;
    this.mountPoint = MountPoint.of(root);
  }

  /// Every recording below `root`, oldest first within a group; none when the directory is empty.
  static List<Path> list(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(SUFFIX) && Files.isRegularFile(file))
          .sorted()
          .toList();
    }
  }

  @Override
  public Sink create(RecordingHeader header) throws IOException {
    MountPoint.requireMounted(mountPoint);
    Path directory =
        root.resolve(safe(header.group().uri())).resolve(DATE.format(header.started()));
    Files.createDirectories(directory, mode(directory, "rwx------"));
    String name =
        "%s_%s_%08x%s"
            .formatted(
                TIME.format(header.started()),
                safe(header.talker().uri()),
                header.csbId(),
                header.isContinuation() ? "_part" + header.part() : "");
    Path path = directory.resolve(name + SUFFIX);
    for (int copy = 2; ; copy++) {
      try {
        return opened(path);
      } catch (FileAlreadyExistsException _) {
        path = directory.resolve(name + "-" + copy + SUFFIX);
      }
    }
  }

  /// A new file, or none where its place could not be made safe too.
  private static Sink opened(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, Set.of(CREATE_NEW, WRITE), mode(path, "rw-------"));
    try {
      syncDirectory(path.resolveSibling(""));
      return new FileSink(path, channel, fileKey(path));
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  @Override
  public OptionalLong freeOctets() throws IOException {
    Path existing = MountPoint.nearestExisting(root);
    return OptionalLong.of(Files.getFileStore(existing).getUsableSpace());
  }

  private static @Nullable Object fileKey(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /// What stays of an identity in a file name: the header, not the name, is the record.
  static String safe(String identity) {
    return identity.replaceAll("[^A-Za-z0-9.@+-]", "_");
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] mode(Path path, String permissions) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  private static final class FileSink implements Sink {
    private final Path path;
    private final FileChannel channel;
    private final @Nullable Object key;

    FileSink(Path path, FileChannel channel, @Nullable Object key) {
      this.path = path;
      this.channel = channel;
      this.key = key;
    }

    @Override
    public boolean isInPlace() throws IOException {
      try {
        return Objects.equals(key, fileKey(path));
      } catch (NoSuchFileException _) {
        return false;
      } catch (AccessDeniedException _) {
        return true; // the way to it is closed, the open file is not
      }
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public void write(ByteBuffer octets, long position) throws IOException {
      long at = position;
      while (octets.hasRemaining()) {
        at += channel.write(octets, at);
      }
      channel.force(false);
    }

    /// Everything that mattered was forced before; what closing still reports changes nothing.
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException _) {
        // see above
      }
    }
  }
}
