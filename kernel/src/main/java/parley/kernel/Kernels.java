package parley.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/// Finds a module's native library among its classes, where the build put it if there was a C
/// compiler.
public final class Kernels {
  /// `-Dparley.kernel=off` keeps all of them away; what they do is then done in Java.
  public static final String SWITCH = "parley.kernel";

  private Kernels() {}

  /// Loads `native/SYSTEM-PROCESSOR/FILE` from beside `owner`, for as long as the JVM lives.
  ///
  /// @throws IOException in one sentence, where it is not there, not wanted, or cannot be loaded
  public static SymbolLookup load(Class<?> owner, String file) throws IOException {
    if (System.getProperty(SWITCH, "on").equals("off")) {
      throw new IOException("switched off by -D" + SWITCH + "=off");
    }
    URL found = owner.getResource("native/" + platform() + "/" + file);
    if (found == null) {
      throw new IOException(
          "none was built for %s; a C compiler (cc) must be there when the jar is built"
              .formatted(platform()));
    }
    return found.getProtocol().equals("file")
        ? SymbolLookup.libraryLookup(Path.of(URI.create(found.toString())), Arena.global())
        : unpacked(found, file);
  }

  private static String platform() {
    return "%s-%s"
        .formatted(
            System.getProperty("os.name").toLowerCase(Locale.ROOT),
            System.getProperty("os.arch").replace("amd64", "x86_64"));
  }

  /// The system loads libraries from files only: one that nobody else can change, gone again when
  /// it is loaded.
  private static SymbolLookup unpacked(URL found, String file) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    Path directory =
        posix
            ? Files.createTempDirectory(
                "parley-kernel",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
            : Files.createTempDirectory("parley-kernel");
    Path copy = directory.resolve(file);
    try (InputStream octets = found.openStream()) {
      Files.copy(octets, copy);
      return SymbolLookup.libraryLookup(copy, Arena.global());
    } finally {
      Files.deleteIfExists(copy);
      Files.deleteIfExists(directory);
    }
  }
}
