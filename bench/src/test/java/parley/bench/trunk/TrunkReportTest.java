package parley.bench.trunk;

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
import parley.bench.relay.Received;
import parley.bench.relay.Window;

class TrunkReportTest {
  private static final Side SIDE = new Side(32, "batch", 50);
  private static final int PACKETS = 4800;

  /// In which A and B paid so many nanoseconds a packet.
  private static Window window(long a, long b) {
    return window(a, b, PACKETS, 0);
  }

  private static Window window(long a, long b, int arrived, int droppedByRig) {
    return new Window(
        PACKETS,
        1,
        SIDE.rate(),
        3_000_000_000L,
        a * arrived,
        b * arrived,
        -1,
        new Received(arrived, 0, 0, 0, droppedByRig, 0, 510_000, 990_000, 0, 0));
  }

  private static final List<Window> LEGS =
      List.of(window(8000, 9000), window(10_000, 10_000), window(16_000, 18_000));

  private static TrunkRow legs() {
    return TrunkRow.ofLegs(SIDE, LEGS);
  }

  private static TrunkRow trunk() {
    return TrunkRow.ofTrunk(
        SIDE,
        List.of(window(4000, 3000), window(5000, 2000), window(4000, 4500)),
        LEGS,
        new TrunkCount(4800, 200),
        new TrunkCount(4800, 240));
  }

  private static TrunkReport report() {
    return new TrunkReport(
        new Machine(Map.of("cpu", "a <machine>")),
        List.of("JVM      -Xmx512m"),
        List.of(legs(), trunk()),
        List.of("nothing else"));
  }

  @Test
  void eachGatewayPaysForItself() {
    assertThat(legs().first().median()).isEqualTo(10_000);
    assertThat(legs().second().median()).isEqualTo(10_000);
    assertThat(trunk().first().median()).isEqualTo(4000);
    assertThat(trunk().second().median()).isEqualTo(3000);
  }

  /// Medians over medians would be 0.4 and 0.3.
  @Test
  void aRatioIsThatOfOneRound() {
    assertThat(trunk().firstOfLegs().median()).isEqualTo(0.5);
    assertThat(trunk().secondOfLegs().median()).isEqualTo(0.25);
    assertThat(trunk().bothOfLegs().median()).isEqualTo(7000 / 20_000.0);
    assertThat(legs().bothOfLegs().median()).isNaN();
  }

  @Test
  void withoutLegsThereIsNoRatio() {
    TrunkRow alone =
        TrunkRow.ofTrunk(
            SIDE,
            List.of(window(4000, 3000)),
            List.of(),
            new TrunkCount(1, 1),
            new TrunkCount(1, 1));
    assertThat(alone.csv()).startsWith("batch,32,trunk,1600,4000,0.0,3000,0.0,,,,,0.000,");
    assertThat(alone.line()).doesNotContain("NaN");
  }

  @Test
  void csvHasAsManyFieldsAsItsHeader() {
    int columns = TrunkRow.CSV.split(",").length;
    assertThat(legs().csv().split(",", -1)).hasSize(columns);
    assertThat(trunk().csv().split(",", -1)).hasSize(columns);
    assertThat(trunk().csv())
        .isEqualTo(
            "batch,32,trunk,1600,4000,12.5,3000,41.7,0.500,0.250,0.350,23.1,0.000,510,990,"
                + "24.00,20.00,false\n");
    assertThat(legs().csv())
        .isEqualTo("batch,32,legs,1600,10000,40.0,10000,45.0,,,,,0.000,510,990,,,false\n");
  }

  @Test
  void lossIsTold() {
    TrunkRow row = TrunkRow.ofLegs(SIDE, List.of(window(8000, 9000, PACKETS / 2, 0)));
    assertThat(row.lossPercent()).isEqualTo(50);
    assertThat(row.isRigBound()).isFalse();
  }

  @Test
  void aRowOfARigAtItsEndIsMarked() {
    TrunkRow row = TrunkRow.ofLegs(SIDE, List.of(window(8000, 9000, PACKETS, 1)));
    assertThat(row.line()).endsWith(" !");
    assertThat(row.csv()).endsWith(",true\n");
    assertThat(legs().line()).doesNotContain("!");
  }

  @Test
  void printsWhatWasStartedAndWhatCameOfIt() {
    var out = new ByteArrayOutputStream();
    report().print(new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("JVM      -Xmx512m", " 0.50x ", " 0.25x ", " 24.0 ", "note: nothing else")
        .doesNotContain("NaN");
  }

  @Test
  void writesTableAndChart(@TempDir Path folder) throws IOException {
    report().write(folder);
    assertThat(Files.readAllLines(folder.resolve("trunk.csv"))).hasSize(3);
    assertThat(folder.resolve("trunk.svg")).content().contains("A, trunk", "B, legs", "&lt;");
  }
}
