package parley.gateway.manager;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A hundred UEs; [RekeyKillCampaign] has a thousand.
class RekeyKillIT {
  @TempDir Path folder;

  @Test
  void aKilledManagerGoesOnWhereItWas() throws Exception {
    new RekeyKill(folder, 100).run();
  }
}
