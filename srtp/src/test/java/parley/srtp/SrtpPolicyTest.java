package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SrtpPolicyTest {
  @ParameterizedTest
  @CsvSource({
    "AEAD_AES_128_GCM, false, 0, 16, 20",
    "AEAD_AES_256_GCM, true, 4, 24, 24",
    "AES_CM_128_HMAC_SHA1_80, false, 4, 14, 18",
    "AES_CM_128_HMAC_SHA1_32, false, 0, 4, 14",
    "AES_256_CM_HMAC_SHA1_32, false, 1, 5, 15",
  })
  void saysWhatProtectionAdds(
      SrtpProfile profile, boolean rccm3, int mkiOctets, int srtpOctets, int srtcpOctets) {
    SrtpPolicy policy = new SrtpPolicy(profile, rccm3, mkiOctets);
    assertThat(policy.srtpTrailerOctets()).isEqualTo(srtpOctets);
    assertThat(policy.srtcpTrailerOctets()).isEqualTo(srtcpOctets);
  }

  @Test
  void rccm3WithAnHmacProfileWouldSwitchAuthenticationOff() {
    assertThatThrownBy(() -> new SrtpPolicy(SrtpProfile.AES_CM_128_HMAC_SHA1_80, true, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("would switch authentication off");
  }
}
