package parley.gateway.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the disk of a directory is mounted, and whether one still is.
final class MountPoint {
  private static final String DEVICE = "unix:dev";

  private MountPoint() {}

  /// The directory on which the disk of `directory` is mounted; null for the disk of `/`, and where
  /// the system does not tell.
  static @Nullable Path of(Path directory) {
    try {
      Path highest = nearestExisting(directory).toRealPath();
      Object device = Files.getAttribute(highest, DEVICE);
      for (Path parent = highest.getParent(); parent != null; parent = parent.getParent()) {
        if (!Files.getAttribute(parent, DEVICE).equals(device)) {
          return highest;
        }
        highest = parent;
      }
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
      // not a system with such numbers
    }
    return null;
  }

  /// @throws IOException in one sentence, when nothing is mounted at `mountPoint` any more
  static void requireMounted(@Nullable Path mountPoint) throws IOException {
    if (mountPoint != null && !isMounted(mountPoint)) {
      throw new IOException("the disk that was mounted at " + mountPoint + " is gone");
    }
  }

  private static boolean isMounted(Path mountPoint) throws IOException {
    return Files.isDirectory(mountPoint)
        && !Files.getAttribute(mountPoint, DEVICE)
            .equals(Files.getAttribute(mountPoint.resolveSibling(""), DEVICE));
  }

  /// `path` or the first directory above it that is there.
  static Path nearestExisting(Path path) {
    Path at = path.toAbsolutePath();
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }
}
