package parley.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LoadBenchTest {
  private final StringWriter err = new StringWriter();

  private int execute(String... args) {
    return new CommandLine(new LoadBench(Path.of("bench")))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private static LoadBench parsed(String... args) {
    var bench = new LoadBench(Path.of("bench"));
    var _ = new CommandLine(bench).parseArgs(args);
    return bench;
  }

  @Test
  void readsEveryOption() {
    LoadSettings settings =
        parsed(
                "--rate",
                "2500",
                "--payload",
                "20",
                "--duration",
                "1.5",
                "--loss",
                "1",
                "--reorder",
                "2",
                "--duplicate",
                "3",
                "--jitter",
                "4",
                "--seed",
                "5")
            .settings();
    assertEquals(new WireFaults(1, 2, 3, 4), settings.wire());
    assertEquals(3750, settings.packets());
    assertEquals(20, settings.payloadOctets());
    assertEquals(5, settings.seed());
    assertEquals(400_000, settings.dueNanos(1));
  }

  @Test
  void refusesValuesThatMakeNoSense() {
    for (String[] args :
        new String[][] {
          {"--groups", "0"},
          {"--listeners", "-1"},
          {"--groups", "1000", "--listeners", "1000"},
          {"--rate", "0"},
          {"--rate", "NaN"},
          {"--duration", "0"},
          {"--payload", "1401"},
          {"--loss", "101"},
          {"--jitter", "-1"},
          {"--max-loss", "-0.1"},
          {"--plan", "plan.yaml", "--groups", "2"},
          {"--plan", "plan.yaml", "--multicast"},
          {"--join", "--multicast"},
          {"--join", "--listeners", "1001"},
          {"--no-such-option"}
        }) {
      assertEquals(2, execute(args), () -> String.join(" ", args));
    }
    assertTrue(err.toString().contains("--groups must be at least 1"));
    assertTrue(err.toString().contains("--join and --multicast exclude each other"));
    assertTrue(err.toString().contains("at most 1000 receivers"));
  }

  @Test
  void tellsOfAPlanThatIsNotThere(@TempDir Path folder) {
    assertEquals(
        3,
        execute(
            "--plan",
            folder.resolve("none.yaml").toString(),
            "--out",
            folder.resolve("out").toString()));
  }

  @Test
  void refusesMoreDelayThanFitsIntoMemory() {
    LoadSettings settings = parsed("--rate", "1000000", "--jitter", "60000").settings();
    var wrong = assertThrows(WrongPlan.class, () -> Pacer.delayed(settings, 1));
    assertTrue(String.valueOf(wrong.getMessage()).contains("--jitter"));
  }

  @Test
  void saysHowManyFileDescriptorsAreMissing() {
    var failed = assertThrows(LoadFailed.class, () -> FileDescriptors.require(2000, 100, 1024));
    assertTrue(String.valueOf(failed.getMessage()).contains("ulimit -n 2100"));
  }
}
