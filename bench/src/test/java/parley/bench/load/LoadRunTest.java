package parley.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.bench.rig.GatewayFile;
import parley.gateway.media.DropReason;

/// Loads of two seconds against a gateway in this process.
class LoadRunTest {
  private static final int GROUPS = 3;
  private static final int LISTENERS = 2;
  private static final long SEED = 4711;

  private static final WireFaults WIRE = new WireFaults(5, 3, 10, 0);
  private static final LoadSettings SETTINGS =
      new LoadSettings(300, 160, Duration.ofSeconds(2), WIRE, SEED);

  private final ByteArrayOutputStream live = new ByteArrayOutputStream();
  private final PrintStream lines = new PrintStream(live, true, StandardCharsets.UTF_8);

  @Test
  void accountsForEveryPacket(@TempDir Path folder) throws Exception {
    try (OwnGateway gateway = OwnGateway.start(GROUPS, LISTENERS, Reach.NAMED);
        Latencies latencies = Latencies.into(folder)) {
      LoadReport report;
      try (LoadRun run = LoadRun.open(SETTINGS, gateway, latencies, lines)) {
        report = run.run();
      }
      Drawn drawn = drawn();
      assertEquals(600, report.made());
      assertEquals(drawn.leftOut, report.leftOut());
      assertEquals(drawn.doubled, report.doubled());
      assertEquals(drawn.reordered, report.reordered());
      assertEquals(600 - drawn.leftOut, report.sent());
      assertEquals(report.sent() * LISTENERS, report.expected());
      assertEquals(0, report.notTaken());
      assertEquals(report.expected(), report.delivered(), () -> "lost: " + gateway.account());
      assertEquals(0, report.lost());
      assertEquals(0, report.bad() + report.unknown() + report.announcementsRefused());
      assertEquals(drawn.doubled, gateway.dropped(DropReason.REPLAYED));
      assertEquals(0, report.duplicates());
      assertTrue(report.late() > 0, "packets that were held back come late");
      assertEquals(report.delivered(), report.fromIntended().getTotalCount());
      assertEquals(report.delivered(), report.fromActual().getTotalCount());
      assertTrue(report.fromIntended().getMean() >= report.fromActual().getMean());
      report.print(lines);
    }
    assertTrue(Files.size(folder.resolve("load.hlog")) > 0);
    assertTrue(Files.readString(folder.resolve("latency-intended.hgrm")).contains("Percentile"));
    assertTrue(Files.size(folder.resolve("latency-actual.hgrm")) > 0);
    assertTrue(live.toString(StandardCharsets.UTF_8).contains("from the intended send time"));
  }

  /// What the seed says, drawn as the pacer draws it.
  private static Drawn drawn() {
    var random = new SplittableRandom(SEED);
    var drawn = new Drawn();
    for (long n = 0; n < SETTINGS.packets(); n++) {
      boolean isLost = random.nextDouble(100) < WIRE.lossPercent();
      boolean isDoubled = random.nextDouble(100) < WIRE.duplicatePercent();
      boolean isReordered = random.nextDouble(100) < WIRE.reorderPercent();
      double _ = random.nextDouble();
      drawn.leftOut += isLost ? 1 : 0;
      drawn.doubled += !isLost && isDoubled ? 1 : 0;
      drawn.reordered += !isLost && isReordered ? 1 : 0;
    }
    assertTrue(drawn.leftOut > 0 && drawn.doubled > 0 && drawn.reordered > 0);
    return drawn;
  }

  private static final class Drawn {
    long leftOut;
    long doubled;
    long reordered;
  }

  @Test
  void saysThatNobodyListensAtTheGateway() throws Exception {
    try (OwnGateway gateway = OwnGateway.start(1, 1, Reach.NAMED);
        Latencies latencies = Latencies.into(null)) {
      InetSocketAddress nobody = FreePorts.find(1).getFirst();
      LoadGroup group = gateway.groups().getFirst();
      var elsewhere =
          new LoadGroup(
              group.id(),
              nobody,
              group.policy(),
              group.talker(),
              group.listener(),
              group.reach(),
              group.listen());
      try (LoadRun run = LoadRun.open(SETTINGS, Deployments.of(elsewhere), latencies, lines)) {
        var failed = assertThrows(LoadFailed.class, run::run);
        assertTrue(
            String.valueOf(failed.getMessage()).contains("cannot be reached"), failed::getMessage);
      }
    }
  }

  /// The terminals' vaults are opened beside the ones that made them.
  @Test
  void loadsTheGatewayThatAPlanNames() throws Exception {
    try (OwnGateway gateway = OwnGateway.start(1, 2, Reach.NAMED);
        Latencies latencies = Latencies.into(null)) {
      LoadGroup group = gateway.groups().getFirst();
      String plan =
          """
          talker: {identity: '%s', vault: {file: talker.vault, key-file: vault.key}}
          listener: {identity: '%s', vault: {file: listener.vault, key-file: vault.key}}
          groups:
            - id: %s
              to: '%s'
              listen: ['%s', '%s']
          """
              .formatted(
                  group.talker().identity(),
                  group.listener().identity(),
                  group.id(),
                  GatewayFile.shown(group.to()),
                  group.listen().getFirst().name(),
                  group.listen().getLast().name());
      var settings = new LoadSettings(100, 20, Duration.ofSeconds(1), WireFaults.NONE, SEED);
      try (Deployment named =
              PlannedDeployment.open(LoadPlan.parse(plan, gateway.folder(), "plan.yaml"), false);
          LoadRun run = LoadRun.open(settings, named, latencies, lines)) {
        LoadReport report = run.run();
        assertEquals(200, report.delivered());
        assertEquals(0, report.lost());
        assertTrue(report.account().isEmpty());
      }
    }
  }
}
