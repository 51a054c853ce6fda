package parley.gateway.kms;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fifty kills; `-Dcampaign.kills=N` for another number.
class KmsKillCampaign {
  @TempDir Path folder;

  @Test
  void aKilledKmsKeepsWhatItPromised() throws Exception {
    new KmsKill(folder).run(Integer.getInteger("campaign.kills", 50));
  }
}
