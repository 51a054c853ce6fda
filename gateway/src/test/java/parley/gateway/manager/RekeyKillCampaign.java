package parley.gateway.manager;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A thousand UEs; `-Dcampaign.ues=N` for another number.
class RekeyKillCampaign {
  @TempDir Path folder;

  @Test
  void aKilledManagerGoesOnWhereItWas() throws Exception {
    new RekeyKill(folder, Integer.getInteger("campaign.ues", 1000)).run();
  }
}
