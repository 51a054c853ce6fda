package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FreePort;

/// Ten thousand UEs behind one address; `-Dcampaign.ues=N` for another number,
/// `-Dcampaign.at.once=N` for how many of them have a connection at one moment. Each of them is two
/// open files of this process.
class KmsCrowdCampaign {
  private static final int UES = Integer.getInteger("campaign.ues", 10_000);
  private static final int AT_ONCE = Integer.getInteger("campaign.at.once", 500);

  /// What three quarters of the crowd may leave behind in the KMS and in this test: limits remember
  /// who asked, some hundred octets each.
  private static final long MOST_GROWTH_OCTETS = 24 << 20;

  @TempDir Path folder;

  @Test
  void everyUeGetsGoodKeysAndTheMemoryStaysFlat() throws Exception {
    var rig = new KmsRig(folder);
    int port = FreePort.tcp();
    try (KmsRig.Running kms = rig.start(rig.configure("kms", port, KmsRig.WIDE));
        var crowd = new KmsCrowd(rig, kms.server().registry(), KmsRig.address(port), AT_ONCE)) {
      crowd.enrol(0, UES / 4);
      long atAQuarter = liveOctets();
      crowd.enrol(UES / 4, UES);
      assertThat(liveOctets() - atAQuarter).as("of heap").isLessThan(MOST_GROWTH_OCTETS);
      assertThat(kms.server().counters().keySets()).isGreaterThanOrEqualTo(UES);
    }
  }

  private static long liveOctets() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
