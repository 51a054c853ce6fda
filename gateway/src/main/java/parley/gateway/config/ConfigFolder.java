package parley.gateway.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// The folder of the configuration file: relative paths start here, not where the process was
/// started.
record ConfigFolder(Path folder) {
  Path path(String text) {
    try {
      return folder.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(text + " is no path: " + e.getReason());
    }
  }

  Path readableFile(String text) {
    Path file = path(text);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("there is no file " + file);
    }
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(file + " may not be read by this user");
    }
    return file;
  }

  Path vault(String text) {
    if (!Files.exists(path(text))) {
      throw new IllegalArgumentException(
          "there is no vault %s; 'parley vault init' makes one".formatted(path(text)));
    }
    return readableFile(text);
  }

  /// A folder that is there or can be made: only a file in its place is wrong.
  Path directory(String text) {
    Path directory = path(text);
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new IllegalArgumentException(directory + " is a file; a folder belongs here");
    }
    return directory;
  }
}
