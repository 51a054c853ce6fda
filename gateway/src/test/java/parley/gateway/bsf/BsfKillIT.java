package parley.gateway.bsf;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Five times; [BsfKillCampaign] does it fifty times.
class BsfKillIT {
  @TempDir Path folder;

  @Test
  void aKilledBsfGoesOnWhereItWas() throws Exception {
    new BsfKill(folder).run(5);
  }
}
