package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FreePort;

/// Two hundred UEs behind one address enrol at once; [KmsCrowdCampaign] has ten thousand.
class KmsCrowdTest {
  private static final int UES = 200;

  @TempDir Path folder;

  @Test
  void everyUeOfACrowdGetsGoodKeys() throws Exception {
    var rig = new KmsRig(folder);
    int port = FreePort.tcp();
    try (KmsRig.Running kms = rig.start(rig.configure("kms", port, KmsRig.WIDE));
        var crowd = new KmsCrowd(rig, kms.server().registry(), KmsRig.address(port), UES)) {
      crowd.enrol(0, UES);
      assertThat(kms.server().counters().keySets()).isGreaterThanOrEqualTo(UES);
    }
  }
}
