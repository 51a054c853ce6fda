package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.srtp.KeyDerivation.Label;
import tools.jackson.databind.JsonNode;

/// RFC 3711, appendix B. B.1 is AES-f8, a transform that no profile of ours uses, so it is not run.
class SrtpRfc3711VectorTest {
  private static final String FILE = "rfc3711-srtp.json";

  static List<Engines.Named> engines() {
    return Engines.named();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void makesTheKeyStreamOfAppendixB2(Engines.Named named) throws GeneralSecurityException {
    Keystreams.check(
        Vectors.named(FILE, "B.2"), SrtpProfile.AES_CM_128_HMAC_SHA1_80, named.engine());
  }

  @Test
  void derivesTheKeysOfAppendixB3() {
    JsonNode vector = Vectors.named(FILE, "B.3");
    MasterKey master = master(vector, SrtpProfile.AES_CM_128_HMAC_SHA1_80);
    assertThat(KeyDerivation.derive(master, Label.SRTP_ENCRYPTION, 16))
        .isEqualTo(Vectors.octets(vector, "cipher_key"));
    assertThat(KeyDerivation.derive(master, Label.SRTP_AUTHENTICATION, 94))
        .isEqualTo(Vectors.octets(vector, "auth_key"));
    assertThat(KeyDerivation.derive(master, Label.SRTP_SALT, 14))
        .isEqualTo(Vectors.octets(vector, "cipher_salt"));
  }

  static MasterKey master(JsonNode vector, SrtpProfile profile) {
    return MasterKey.of(
        profile,
        Vectors.octets(vector, "master_key"),
        Vectors.octets(vector, "master_salt"),
        new byte[0]);
  }
}
