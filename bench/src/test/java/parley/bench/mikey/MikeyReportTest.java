package parley.bench.mikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.bench.Machine;

class MikeyReportTest {
  private static final List<MikeyRow> ROWS =
      List.of(
          new MikeyRow("parley", "sakkeDecapsulate", 300, 3),
          new MikeyRow("Bouncy Castle", "sakkeDecapsulate", 3, 5),
          new MikeyRow("wolfSSL of Debian", "sakkeDecapsulate", 200, 5),
          new MikeyRow("parley", "sakkeEncapsulateBatch", 1100, 3),
          new MikeyRow("Bouncy Castle", "sakkeEncapsulate", 10, 4),
          new MikeyRow("parley", "eccsiSign", 30_000, 30),
          new MikeyRow("Bouncy Castle", "eccsiSign", 1000, 4));

  @Test
  void judgesRatiosOfOneRunOnly() {
    assertThat(new MikeyGoals(ROWS).sentences())
        .containsExactly(
            "eccsiSign, parley: 30.0 times as fast as Bouncy Castle, goal at least 20: UNCLEAR,"
                + " rates swing by 30 %",
            "sakkeDecapsulate, parley: 100.0 times as fast as Bouncy Castle, goal at least 30:"
                + " reached",
            "sakkeDecapsulate, parley: 1.5 times as fast as wolfSSL of Debian, goal at least 2:"
                + " MISSED",
            "sakkeDecapsulate, parley: 100.0 times as fast as Bouncy Castle, goal at least 80:"
                + " reached",
            "sakkeEncapsulateBatch, parley: 110.0 times as fast as Bouncy Castle, goal at least"
                + " 100: reached");
  }

  @Test
  void writesATableACsvAndAChart(@TempDir Path folder) throws Exception {
    var report = new MikeyReport(Machine.here(Instant.EPOCH), ROWS);
    var printed = new ByteArrayOutputStream();
    report.print(new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .containsPattern("sakkeDecapsulate +parley +300.0 +3.0 % +100.0x");
    report.write(folder);
    assertThat(Files.readAllLines(folder.resolve("mikey.csv")))
        .hasSize(1 + ROWS.size())
        .first()
        .isEqualTo("implementation,operation,ops_per_second,spread_percent");
    assertThat(Files.readString(folder.resolve("mikey.csv")))
        .contains("\nparley,sakkeDecapsulate,300.0,3.0\n");
    assertThat(Files.readString(folder.resolve("mikey.svg"))).contains("Bouncy Castle");
  }
}
