package parley.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

class RelayReportTest {
  private static final RelayRow FLOOR = row("C epoll", "forward", 20_000, Double.NaN);
  private static final RelayRow OURS = row("parley batch", "forward", 10_000, 0);

  private static RelayRow row(String relay, String mode, double cpu, double allocated) {
    return new RelayRow(
        relay,
        mode,
        1,
        15_000,
        cpu,
        1.25,
        0,
        158_000,
        relay.startsWith("C"),
        96,
        true,
        100.5,
        2000,
        Double.NaN,
        allocated);
  }

  private static RelayReport report() {
    return new RelayReport(
        new Machine(Map.of("cpu", "a <machine>")),
        List.of("C epoll: cc -O2"),
        List.of(FLOOR, OURS),
        List.of("no rtpengine"));
  }

  @Test
  void csvHasTheColumnsOfTheHeader() {
    assertThat(RelayRow.CSV)
        .isEqualTo(
            "relay,mode,fanout,rate_in,cpu_ns_per_output,spread_percent,clean_rate_out,"
                + "p50_us,p99_us,p999_us,bytes_allocated\n");
    assertThat(FLOOR.csv())
        .isEqualTo("C epoll,forward,1,15000,20000,1.3,>158000,100.5,2000.0,-,-\n");
    assertThat(OURS.csv())
        .isEqualTo("parley batch,forward,1,15000,10000,1.3,158000,100.5,2000.0,-,0.00\n");
  }

  @Test
  void comparesWithTheForwarderInC() {
    assertThat(report().ratio(OURS, "C epoll", "forward")).isCloseTo(0.5, within(1e-9));
    assertThat(report().ratio(OURS, "rtpengine", "forward")).isNaN();
  }

  @Test
  void printsConfigurationsRowsAndWhatIsMissing() {
    var out = new ByteArrayOutputStream();
    report().print(new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("C epoll: cc -O2", "0.50x", ">158000", "note: no rtpengine");
  }

  @Test
  void writesTableAndChart(@TempDir Path folder) throws IOException {
    report().write(folder);
    assertThat(Files.readAllLines(folder.resolve("relay.csv"))).hasSize(3);
    assertThat(folder.resolve("relay.svg")).content().contains("parley batch, forward", "&lt;");
  }
}
