package parley.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class SdpTest {
  @Test
  void readsBackPortAndKey() throws Unavailable {
    String sdp = Sdp.of(4000, "sendrecv", "2 AES_CM_128_HMAC_SHA1_32 inline:AbC/+=");
    assertThat(sdp).contains("m=audio 4000 RTP/SAVP 0\r\n").endsWith("\r\n");
    assertThat(Sdp.port(sdp)).isEqualTo(4000);
    assertThat(Sdp.crypto(sdp, "AES_CM_128_HMAC_SHA1_32")).isEqualTo(new Sdp.Crypto("2", "AbC/+="));
  }

  @Test
  void inClearThereIsNoCrypto() {
    String sdp = Sdp.of(4000, "recvonly", "");
    assertThat(sdp).contains("m=audio 4000 RTP/AVP 0\r\n").doesNotContain("crypto");
    assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> Sdp.crypto(sdp, "AES"));
  }
}
