package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import parley.srtp.KeyDerivation.Label;
import tools.jackson.databind.JsonNode;

/// RFC 6188, section 7, for 192-bit and 256-bit keys.
class SrtpRfc6188VectorTest {
  private static final String FILE = "rfc6188-aes192-256-cm.json";

  static List<Engines.Named> engines() {
    return Engines.named();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void makesTheKeyStreamOfSection71(Engines.Named named) throws GeneralSecurityException {
    Keystreams.check(
        Vectors.named(FILE, "7.1"), SrtpProfile.AES_256_CM_HMAC_SHA1_80, named.engine());
  }

  @ParameterizedTest
  @MethodSource("engines")
  void makesTheKeyStreamOfSection73(Engines.Named named) throws GeneralSecurityException {
    Keystreams.check(
        Vectors.named(FILE, "7.3"), SrtpProfile.AES_192_CM_HMAC_SHA1_80, named.engine());
  }

  @ParameterizedTest
  @CsvSource({"7.2, AES_256_CM_HMAC_SHA1_80", "7.4, AES_192_CM_HMAC_SHA1_80"})
  void derivesTheKeysOfSections72And74(String section, SrtpProfile profile) {
    JsonNode vector = Vectors.named(FILE, section);
    MasterKey master = SrtpRfc3711VectorTest.master(vector, profile);
    assertThat(KeyDerivation.derive(master, Label.SRTP_ENCRYPTION, profile.masterKeyOctets()))
        .isEqualTo(Vectors.octets(vector, "cipher_key"));
    assertThat(KeyDerivation.derive(master, Label.SRTP_AUTHENTICATION, 20))
        .isEqualTo(Vectors.octets(vector, "auth_key"));
    assertThat(KeyDerivation.derive(master, Label.SRTP_SALT, 14))
        .isEqualTo(Vectors.octets(vector, "cipher_salt"));
  }
}
