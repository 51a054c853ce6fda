package parley.bench.relay;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// CPU time of a process in nanoseconds: the first field of `/proc/PID/task/*/schedstat`, summed
/// over the threads. A thread that has ended counts with what it had when it was last seen.
public final class ProcessCpu {
  private final Path tasks;
  private final Map<Path, Long> seen = new HashMap<>();

  public ProcessCpu(long pid) {
    tasks = Path.of("/proc", Long.toString(pid), "task");
  }

  public long nanos() throws IOException {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        try {
          String line = Files.readString(thread.resolve("schedstat"));
          seen.put(thread, Long.parseLong(line.substring(0, line.indexOf(' '))));
        } catch (IOException _) {
          // it has ended since
        }
      }
    }
    return seen.values().stream().mapToLong(Long::longValue).sum();
  }
}
