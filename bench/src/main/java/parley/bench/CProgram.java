package parley.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A program in C that measures another library, compiled where compiler and library are there.
public final class CProgram {
  private final Path program;

  private CProgram(Path program) {
    this.program = program;
  }

  /// Compiles `source` into `folder`; empty, with a line that says why, where it cannot be.
  ///
  /// @param library as the compiler wants it: `-lcrypto`
  public static Optional<CProgram> compile(Path source, Path folder, String library)
      throws IOException, InterruptedException {
    String name = String.valueOf(source.getFileName()).replace(".c", "");
    Path program = folder.resolve(name);
    List<String> command =
        List.of("cc", "-O3", "-march=native", "-o", program.toString(), source.toString(), library);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() == 0) {
        return Optional.of(new CProgram(program));
      }
      System.err.println(
          "left out, " + name + " does not compile: " + said.lines().findFirst().orElse(""));
    } catch (IOException e) {
      System.err.println("left out, no C compiler: " + e.getMessage());
    }
    return Optional.empty();
  }

  /// Runs it and gives what it printed.
  public List<String> lines(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    if (process.waitFor() != 0) {
      throw new IOException(program.getFileName() + " ended with " + process.exitValue());
    }
    return lines;
  }

  /// Deletes a folder of such programs.
  public static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
