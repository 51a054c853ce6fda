package parley.bench;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.srtp.SrtpProfile;

/// Every contender passes what is good and refuses what is forged, all packets once and again.
class ContenderTest {
  @ParameterizedTest
  @CsvSource({
    "jce, 1",
    "jce, 64",
    "auto, 8",
    "jitsi-srtp, 1",
    "Conscrypt, 1",
    "ACCP, 1",
    "jitsi-srtp, 64",
    "SunJCE, 64",
    "BC, 1"
  })
  void passesTheGoodAndRefusesTheForged(String implementation, int streams) {
    for (SrtpProfile profile :
        new SrtpProfile[] {SrtpProfile.AEAD_AES_128_GCM, SrtpProfile.AES_CM_128_HMAC_SHA1_80}) {
      var workload = new Workload(profile, 20, streams);
      try (Contender contender = Contender.of(implementation, workload)) {
        for (int lap = 0; lap < 2; lap++) {
          contender.renew();
          for (int batch = 0; batch < workload.sealedBatches(); batch++) {
            contender.protect();
            contender.unprotect();
          }
        }
      }
      try (Contender contender = Contender.of(implementation, workload)) {
        for (int batch = 0; batch < workload.sealedBatches() + 2; batch++) {
          contender.refuseForged();
        }
      }
    }
  }
}
