package parley.gateway.campaign;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A few seconds of the soak, every kind of change in it; too short to say anything about memory.
class SoakIT {
  private static final Soak.Pace SHORT =
      new Soak.Pace(
          Duration.ofSeconds(10),
          Duration.ofSeconds(6),
          Duration.ofMillis(800),
          Duration.ofSeconds(1));

  @TempDir Path folder;

  @Test
  void everyPacketIsAccountedFor() throws Exception {
    long seed = Terms.seed();
    var report = new Report("soak-short", "10 s, seed " + seed);
    try (var soak = new Soak(folder, seed, new World.Scale(2, 1, 1), report)) {
      soak.run(SHORT);
      soak.tell();
      soak.requireRelayed(0.01);
      soak.requireRecorded();
    } finally {
      report.close();
    }
  }
}
