package parley.keys.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `audit.log` and the full files before it: `audit.log.1`, `audit.log.2` …, the highest number
/// being the latest. No file is ever removed here: how long they are kept is the operator's matter.
record AuditFiles(Path file) {
  AuditFiles {
    file = file.toAbsolutePath().normalize();
  }

  private Path folder() {
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }

  void makeFolder() throws IOException {
    if (Files.notExists(folder())) {
      Files.createDirectories(
          folder(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  /// Puts the present file aside under the next number.
  Path putAside() throws IOException {
    long next = numbered().isEmpty() ? 1 : number(numbered().getLast()) + 1;
    Path aside = file.resolveSibling(file.getFileName() + "." + next);
    Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    force(folder());
    return aside;
  }

  /// The files that there are, the present one first.
  List<Path> latestFirst() throws IOException {
    List<Path> all = new ArrayList<>(numbered());
    if (Files.exists(file)) {
      all.add(file);
    }
    return all.reversed();
  }

  private List<Path> numbered() throws IOException {
    if (Files.notExists(folder())) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder())) {
      all.filter(path -> number(path) > 0).forEach(found::add);
    }
    found.sort(Comparator.comparingLong(this::number));
    return found;
  }

  /// 0 for a file that is none of this log.
  private long number(Path path) {
    String name = path.getFileName().toString();
    String start = file.getFileName() + ".";
    String end = name.startsWith(start) ? name.substring(start.length()) : "";
    return end.matches("[1-9]\\d{0,9}") ? Long.parseLong(end) : 0;
  }

  /// Waits until names in `folder` are on the disk.
  static void force(@Nullable Path folder) throws IOException {
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder)) {
        channel.force(true);
      }
    }
  }
}
