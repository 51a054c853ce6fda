package parley.gateway.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// The directory with everything that the roles store. Gone at the end, unless it is to be kept.
public final class DemoFolder implements AutoCloseable {
  private final Path path;
  private final boolean keep;

  private DemoFolder(Path path, boolean keep) {
    this.path = path;
    this.keep = keep;
  }

  /// A new, empty directory below `parent`: `work` where it is kept and nobody has it yet.
  public static DemoFolder in(Path parent, boolean keep) throws IOException {
    Path plain = parent.resolve("work");
    boolean isFree = keep && Files.notExists(plain);
    Path path = isFree ? Files.createDirectory(plain) : Files.createTempDirectory(parent, "work-");
    return new DemoFolder(path.toAbsolutePath(), keep);
  }

  /// Absolute, because a configuration reads relative paths from its own directory.
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    if (!keep) {
      Files.walkFileTree(path, new Removal());
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
