package parley.gateway.kms;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Five times; [KmsKillCampaign] does it fifty times.
class KmsKillIT {
  @TempDir Path folder;

  @Test
  void aKilledKmsKeepsWhatItPromised() throws Exception {
    new KmsKill(folder).run(5);
  }
}
