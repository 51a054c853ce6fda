package parley.bench;

import java.io.IOException;
import java.nio.file.Path;

/// Where a benchmark's table and chart go: a part of a run does not replace the results of all.
public final class Results {
  private Results() {}

  /// Writes `NAME.csv` and `NAME.svg` into a folder.
  public interface Writer {
    void write(Path folder) throws IOException;
  }

  /// Writes them and says where they are.
  ///
  /// @param home the bench folder of the source tree
  /// @param isWhole whether this is a run of everything
  public static void write(Path home, boolean isWhole, String name, Writer writer)
      throws IOException {
    Path folder = home.resolve(isWhole ? "results" : "target/results");
    writer.write(folder);
    System.out.printf(
        "%n%swritten to %s and %s.svg%n",
        isWhole ? "" : "a part of the whole: ", folder.resolve(name + ".csv"), name);
  }
}
