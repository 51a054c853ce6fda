package parley.gateway.bsf;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fifty kills; `-Dcampaign.kills=N` for another number.
class BsfKillCampaign {
  @TempDir Path folder;

  @Test
  void aKilledBsfGoesOnWhereItWas() throws Exception {
    new BsfKill(folder).run(Integer.getInteger("campaign.kills", 50));
  }
}
