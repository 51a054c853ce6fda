package parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SrtpGoalsTest {
  private static final String GCM = "AEAD_AES_128_GCM";
  private static final String GCM_256 = "AEAD_AES_256_GCM";
  private static final String CM = "AES_CM_128_HMAC_SHA1_80";

  @Test
  void saysPerCellWhetherTheRatioToThePeerIsReached() {
    assertThat(
            sentences(
                row("native", GCM, 160, 1, "protect", 50),
                row("jitsi-srtp", GCM, 160, 1, "protect", 350),
                row("native", CM, 20, 1, "unprotect", 100),
                row("jitsi-srtp", CM, 20, 1, "unprotect", 790)))
        .containsExactly(
            "native AEAD_AES_128_GCM 160 protect, 1 stream: 7.0 times as fast as jitsi-srtp, goal"
                + " at least 7.0: reached",
            "native AES_CM_128_HMAC_SHA1_80 20 unprotect, 1 stream: 7.9 times as fast as"
                + " jitsi-srtp, goal at least 8.0: MISSED");
  }

  @Test
  void comparesManyStreamsWithOne() {
    assertThat(
            sentences(
                row("native", CM, 160, 1, "protect", 100),
                row("native", CM, 160, 1024, "protect", 115),
                row("native", CM, 1000, 1, "forged", 100),
                row("native", CM, 1000, 1024, "forged", 116),
                row("jce", CM, 160, 1, "protect", 100),
                row("jce", CM, 160, 1024, "protect", 200)))
        .containsExactly(
            "native AES_CM_128_HMAC_SHA1_80 160 protect, 1024 streams: 1.15 of the time for one"
                + " stream, goal at most 1.15: reached",
            "native AES_CM_128_HMAC_SHA1_80 1000 forged, 1024 streams: 1.16 of the time for one"
                + " stream, goal at most 1.15: MISSED");
  }

  @Test
  void comparesKeyLengthsAt160OctetsOnly() {
    assertThat(
            sentences(
                row("native", GCM, 160, 1, "protect", 50),
                row("native", GCM_256, 160, 1, "protect", 60),
                row("native", GCM, 20, 1, "protect", 50),
                row("native", GCM_256, 20, 1, "protect", 60)))
        .containsExactly(
            "native AEAD_AES_256_GCM 160 protect, 1 stream: 1.20 of the time with a 128-bit key,"
                + " goal at most 1.3: reached");
  }

  @Test
  void saysWhatAForgedPacketCostsOurEngines() {
    assertThat(
            sentences(
                row("openssl", GCM, 160, 1, "unprotect", 200),
                row("openssl", GCM, 160, 1, "forged", 166),
                row("BC", GCM, 160, 1, "unprotect", 200),
                row("BC", GCM, 160, 1, "forged", 166)))
        .containsExactly(
            "openssl AEAD_AES_128_GCM 160 forged, 1 stream: a forged packet costs 0.83 of a good"
                + " one and 0 octets of garbage");
  }

  @Test
  void judgesNoRatioOfRowsThatSwing() {
    assertThat(
            sentences(
                row("native", GCM, 160, 1, "protect", 50),
                new SrtpRow("jitsi-srtp", GCM, 160, 1, "protect", 1000, 51.7, 0),
                row("jce", GCM, 160, 1, "unprotect", 100),
                new SrtpRow("jce", GCM, 160, 1, "forged", 200, 57.6, 2040)))
        .containsExactly(
            "native AEAD_AES_128_GCM 160 protect, 1 stream: 20.0 times as fast as jitsi-srtp, goal"
                + " at least 7.0: UNCLEAR, times swing by 52 %",
            "jce AEAD_AES_128_GCM 160 forged, 1 stream: a forged packet costs 2.00 of a good one"
                + " and 2040 octets of garbage, UNCLEAR, times swing by 58 %");
  }

  private static List<String> sentences(SrtpRow... rows) {
    return new SrtpGoals(List.of(rows)).sentences();
  }

  static SrtpRow row(
      String implementation,
      String profile,
      int payload,
      int streams,
      String operation,
      double nsPerPacket) {
    return new SrtpRow(implementation, profile, payload, streams, operation, nsPerPacket, 1, 0);
  }
}
