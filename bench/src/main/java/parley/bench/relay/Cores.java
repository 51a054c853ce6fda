package parley.bench.relay;

import java.io.IOException;
import java.util.List;

/// Which processors a process may use: the relay has the last one for itself, everybody else the
/// others. Without `taskset`, or with a single processor, all use all.
public record Cores(List<String> prefix, String shown) {
  public static final Cores ANY = new Cores(List.of(), "any");

  static Cores ofRelay() {
    int last = Runtime.getRuntime().availableProcessors() - 1;
    return isPossible() ? only(Integer.toString(last)) : ANY;
  }

  static Cores ofOthers() {
    int last = Runtime.getRuntime().availableProcessors() - 1;
    return isPossible() ? only(last == 1 ? "0" : "0-" + (last - 1)) : ANY;
  }

  private static Cores only(String list) {
    return new Cores(List.of("taskset", "-c", list), list);
  }

  private static boolean isPossible() {
    return Runtime.getRuntime().availableProcessors() > 1 && hasTaskset();
  }

  private static boolean hasTaskset() {
    try {
      return new ProcessBuilder("taskset", "--version").start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Moves the threads that this process has, and so those that they will start.
  public void confineThisProcess() throws IOException, InterruptedException {
    if (!prefix.isEmpty()) {
      String pid = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("taskset", "-a", "-p", "-c", shown, pid).start().waitFor();
    }
  }
}
