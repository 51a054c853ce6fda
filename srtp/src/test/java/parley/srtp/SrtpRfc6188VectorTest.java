package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import parley.srtp.KeyDerivation.Label;
import tools.jackson.databind.JsonNode;

/// RFC 6188, section 7, for 256-bit keys; there is no profile with 192-bit keys (7.3 and 7.4) here.
class SrtpRfc6188VectorTest {
  private static final String FILE = "rfc6188-aes192-256-cm.json";

  @Test
  void makesTheKeyStreamOfSection71() throws GeneralSecurityException {
    Keystreams.check(Vectors.named(FILE, "7.1"), SrtpProfile.AES_256_CM_HMAC_SHA1_80);
  }

  @Test
  void derivesTheKeysOfSection72() {
    JsonNode vector = Vectors.named(FILE, "7.2");
    MasterKey master = SrtpRfc3711VectorTest.master(vector, SrtpProfile.AES_256_CM_HMAC_SHA1_80);
    assertThat(KeyDerivation.derive(master, Label.SRTP_ENCRYPTION, 32))
        .isEqualTo(Vectors.octets(vector, "cipher_key"));
    assertThat(KeyDerivation.derive(master, Label.SRTP_AUTHENTICATION, 20))
        .isEqualTo(Vectors.octets(vector, "auth_key"));
    assertThat(KeyDerivation.derive(master, Label.SRTP_SALT, 14))
        .isEqualTo(Vectors.octets(vector, "cipher_salt"));
  }
}
