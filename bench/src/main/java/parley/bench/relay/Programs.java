package parley.bench.relay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// The programs in C of this benchmark, compiled into a folder.
final class Programs {
  private final Path folder;

  private Programs(Path folder) {
    this.folder = folder;
  }

  /// Compiles `relay`, `send` and `receive` of `sources`.
  static Programs compile(Path sources, Path folder)
      throws IOException, InterruptedException, Unavailable {
    for (String name : List.of("relay", "send", "receive")) {
      build(sources.resolve(name + ".c"), folder.resolve(name));
    }
    return new Programs(folder);
  }

  private static void build(Path source, Path program)
      throws IOException, InterruptedException, Unavailable {
    ProcessBuilder cc =
        new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString())
            .redirectErrorStream(true);
    Process process;
    try {
      process = cc.start();
    } catch (IOException _) {
      throw new Unavailable("there is no C compiler; install gcc and libc6-dev");
    }
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new Unavailable(source.getFileName() + " does not compile: " + said.strip());
    }
  }

  String relay() {
    return folder.resolve("relay").toString();
  }

  String send() {
    return folder.resolve("send").toString();
  }

  String receive() {
    return folder.resolve("receive").toString();
  }
}
