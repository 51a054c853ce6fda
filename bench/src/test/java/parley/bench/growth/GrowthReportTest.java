package parley.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.bench.Machine;
import parley.bench.relay.Footprint;
import parley.bench.relay.Numbers;

class GrowthReportTest {
  private static GrowthRow row(Scale scale, int mib, double cpu, double loss) {
    return new GrowthRow(
        scale,
        2.5,
        3.25,
        new Footprint((long) mib << 20, (long) (mib - 10) << 20, 2100, 31),
        64L << 20,
        new Numbers(cpu, 1.5),
        0.75,
        loss,
        false);
  }

  private static List<String> verdicts(GrowthRow... rows) {
    return new GrowthGoals(List.of(rows)).sentences();
  }

  private static GrowthReport report() {
    return new GrowthReport(
        new Machine(Map.of("cpu", "a <machine>")),
        List.of("JVM      -Xmx512m"),
        List.of(
            row(Scale.of(1000, "batch"), 700, 5000, 0),
            row(Scale.of(10_000, "batch"), 1500, 5100, 0)),
        List.of("nothing else"));
  }

  @Test
  void memoryAtAThousandGroupsHasAVerdict() {
    assertThat(verdicts(row(Scale.of(1000, "batch"), 2048, 5000, 0)).getFirst())
        .startsWith("reached: 1000 groups with 10 receivers each, 100 active: 2048 MiB");
    assertThat(verdicts(row(Scale.of(1000, "batch"), 2049, 5000, 0)).getFirst())
        .startsWith("MISSED");
    assertThat(verdicts(row(Scale.of(1000, "batch"), 700, 5000, 0.2)).getFirst())
        .startsWith("MISSED");
    assertThat(verdicts(row(Scale.of(100, "batch"), 700, 5000, 0))).isEmpty();
  }

  @Test
  void twoLoopsAreJudgedByOne() {
    GrowthRow one = row(Scale.spread(40, 1), 300, 5000, 0);
    assertThat(verdicts(one, row(Scale.spread(40, 2), 300, 5500, 0)))
        .singleElement()
        .asString()
        .startsWith("reached: two loops cost 1.10x");
    assertThat(verdicts(one, row(Scale.spread(40, 2), 300, 5600, 0)).getFirst())
        .startsWith("MISSED: two loops cost 1.12x");
    assertThat(verdicts(one)).isEmpty();
  }

  @Test
  void printsWhatWasStartedAndWhereTheRateWasHeld() {
    var out = new ByteArrayOutputStream();
    report().print(new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "JVM      -Xmx512m",
            "   1000    100  ",
            "  10000    100* ",
            "10000 groups: with -Xmx4000m",
            "note: nothing else");
  }

  @Test
  void csvHasAsManyFieldsAsItsHeader() {
    String line = report().rows().getFirst().csv();
    assertThat(line.split(",")).hasSameSizeAs(GrowthRow.CSV.split(","));
    assertThat(line)
        .isEqualTo(
            "batch,1,1000,100,10,5000,700.0,690.0,64.0,2100,31,2.50,3.25,5000,1.5,0.75,0.000\n");
  }

  @Test
  void writesTableAndChart(@TempDir Path folder) throws IOException {
    report().write(folder);
    assertThat(Files.readAllLines(folder.resolve("growth.csv"))).hasSize(3);
    assertThat(folder.resolve("growth.svg")).content().contains("10000 groups, batch", "&lt;");
  }
}
