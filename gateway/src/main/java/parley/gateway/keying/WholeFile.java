package parley.gateway.keying;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file that others may read at any moment.
public final class WholeFile {
  private WholeFile() {}

  /// Writes `file` so that whoever looks finds all of it, or what was there before. What a crash
  /// leaves behind is [#part].
  public static void write(Path file, byte[] octets) throws IOException {
    Path part = part(file);
    Files.write(part, octets);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Where the octets of `file` are until they are complete.
  public static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }
}
