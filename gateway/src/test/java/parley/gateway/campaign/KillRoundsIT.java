package parley.gateway.campaign;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Four kills of the campaign, so that a promise broken for good is found by the ordinary build.
class KillRoundsIT {
  @TempDir Path folder;

  @Test
  void noKillBreaksAPromise() throws Exception {
    long seed = Terms.seed();
    var report = new Report("kills-short", "4 kills, seed " + seed);
    try (var rounds = new KillRounds(folder, seed, report)) {
      rounds.run(4, List.of(KillMoment.BURST, KillMoment.GMK, KillMoment.START, KillMoment.CLOSE));
      rounds.tell();
    } finally {
      report.close();
    }
  }
}
