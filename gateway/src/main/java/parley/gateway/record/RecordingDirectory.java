package parley.gateway.record;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// The directory of recordings: `<group>/<date>/<time>_<talker>_<CSB ID>.parley`, times in UTC.
///
/// A file has its final name from its first octet: nothing is renamed, so a kill loses no name, and
/// a recording is closed when its last block says so. Files have mode 0600, directories 0700.
final class RecordingDirectory implements RecordingStorage {
  static final String SUFFIX = ".parley";
  private static final DateTimeFormatter DATE = format("uuuu-MM-dd");
  private static final DateTimeFormatter TIME = format("HHmmss.SSS'Z'");

  private final Path root;

  RecordingDirectory(Path root) {
    this.root = root;
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
    Path directory =
        root.resolve(safe(header.group().uri())).resolve(DATE.format(header.started()));
    Files.createDirectories(directory, mode(directory, "rwx------"));
    String name =
        "%s_%s_%08x"
            .formatted(TIME.format(header.started()), safe(header.talker().uri()), header.csbId());
    Path path = directory.resolve(name + SUFFIX);
    for (int copy = 2; ; copy++) {
      try {
        FileChannel channel =
            FileChannel.open(path, Set.of(CREATE_NEW, WRITE), mode(path, "rw-------"));
        syncDirectory(directory);
        return new FileSink(path, channel);
      } catch (FileAlreadyExistsException _) {
        path = directory.resolve(name + "-" + copy + SUFFIX);
      }
    }
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

    FileSink(Path path, FileChannel channel) {
      this.path = path;
      this.channel = channel;
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
