package parley.bench.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Temporary folders, in memory where the system has such a place: what is measured shall not wait
/// for a disk.
public final class Scratch {
  private static final Path MEMORY = Path.of("/dev/shm");

  private Scratch() {}

  /// A new folder whose name begins so.
  public static Path folder(String prefix) throws IOException {
    Path parent =
        Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    return Files.createTempDirectory(parent, prefix);
  }

  /// Deletes a folder and all in it, if it is there; what keeps it from going is told.
  public static void delete(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("parley bench: cannot delete " + folder + ": " + e);
    }
  }
}
