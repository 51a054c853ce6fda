package parley.gateway.campaign;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Half an hour of everything at once; `-Dcampaign.minutes=N` for another time.
class SoakCampaign {
  /// Below this a JVM is still warming up, and no trend says anything.
  private static final int FLAT_FROM_MINUTES = 10;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void everyPacketIsAccountedForAndNothingGrows() throws Exception {
    long seed = Terms.seed();
    int minutes = Terms.minutes(30);
    var pace =
        new Soak.Pace(
            Duration.ofMinutes(minutes),
            Duration.ofSeconds(100),
            Duration.ofSeconds(12),
            Duration.ofSeconds(10));
    var report =
        new Report("soak", "%d minutes, seed %d, files in %s".formatted(minutes, seed, folder));
    try (var soak = new Soak(folder, seed, new World.Scale(4, 2, 2), report)) {
      soak.run(pace);
      soak.tell();
      soak.requireRelayed(0.75);
      soak.requireRecorded();
      if (minutes >= FLAT_FROM_MINUTES) {
        soak.requireFlat();
      }
    } finally {
      report.close();
    }
  }
}
