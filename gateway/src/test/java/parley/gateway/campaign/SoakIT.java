package parley.gateway.campaign;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A few seconds of the soak, with two accounts; too short to say anything about memory.
class SoakIT {
  @TempDir Path folder;

  @Test
  void everyPacketIsAccountedFor() throws Exception {
    long seed = Terms.seed();
    var report = new Report("soak-short", "10 s, seed " + seed);
    try (var soak = new Soak(folder, seed, new Soak.Scale(2, 1, 1), report)) {
      soak.run(
          Duration.ofSeconds(10),
          Duration.ofSeconds(6),
          Duration.ofMillis(1500),
          Duration.ofSeconds(1));
      soak.tell();
      soak.requireRelayed();
      soak.verifyRecordings();
    } finally {
      report.close();
    }
  }
}
