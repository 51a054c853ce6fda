package parley.bench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a process occupies, as the kernel tells.
///
/// @param rssOctets all memory that it has mapped and that is resident
/// @param pssOctets the same, with what others map too by its share
public record Footprint(long rssOctets, long pssOctets, int descriptors, int threads) {
  private static final int KIBIBYTE = 1024;

  public static Footprint of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    try (Stream<Path> open = Files.list(process.resolve("fd"));
        Stream<Path> tasks = Files.list(process.resolve("task"))) {
      List<String> memory = Files.readAllLines(process.resolve("smaps_rollup"));
      return new Footprint(
          octets(memory, "Rss"), octets(memory, "Pss"), (int) open.count(), (int) tasks.count());
    }
  }

  /// Of the line `Rss: 1234 kB`.
  static long octets(List<String> lines, String name) {
    return lines.stream()
            .filter(line -> line.startsWith(name + ":"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        * KIBIBYTE;
  }
}
