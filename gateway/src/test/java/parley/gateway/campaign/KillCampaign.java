package parley.gateway.campaign;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// A hundred kills of the gateway at random moments; `-Dcampaign.kills=N` for another number.
class KillCampaign {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void noKillBreaksAPromise() throws Exception {
    long seed = Terms.seed();
    int kills = Terms.kills(100);
    var report =
        new Report("kills", "%d kills, seed %d, files in %s".formatted(kills, seed, folder));
    try (var rounds = new KillRounds(folder, seed, report)) {
      rounds.run(kills, List.of(KillMoment.values()));
      rounds.tell();
    } finally {
      report.close();
    }
  }
}
