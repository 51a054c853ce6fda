package parley.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// The variables of one engine in a file that only its owner may read, for a shell's `.` or
/// systemd's `EnvironmentFile=`; removed when closed.
final class EnvironmentFile implements AutoCloseable {
  private final Path file;

  private EnvironmentFile(Path file) {
    this.file = file;
  }

  /// Makes the file with mode 0600 first and writes then; one that is there already is refused,
  /// whether file or link.
  static EnvironmentFile create(Path file, Map<String, String> variables)
      throws IOException, CommandFailed {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailed(
          ExitCode.FAILED,
          file + " is there already; another burst may be using it, remove it if none does",
          e);
    } catch (UnsupportedOperationException e) {
      throw new CommandFailed(
          ExitCode.MISSING_PREREQUISITE,
          file + " is on a file system without access rights; choose another place",
          e);
    }
    var made = new EnvironmentFile(file);
    try {
      Files.write(file, text(variables).getBytes(StandardCharsets.UTF_8));
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  private static String text(Map<String, String> variables) {
    var lines = new StringBuilder();
    variables.forEach((name, value) ->
        lines.append(name).append("='").append(value.replace("'", "'\\''")).append("'\n"));
    return lines.toString();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
