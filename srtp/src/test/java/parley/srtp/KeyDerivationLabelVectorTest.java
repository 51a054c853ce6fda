package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import parley.srtp.KeyDerivation.Label;
import tools.jackson.databind.JsonNode;

/// Where the label stands in the salt for SRTCP: RFC 3711, erratum 3712.
class KeyDerivationLabelVectorTest {
  private static final String FILE = "srtp-kdf-srtcp-index.json";

  @Test
  void derivesSrtpKeys() {
    check(
        Vectors.named(FILE, "SRTP"),
        Label.SRTP_ENCRYPTION,
        Label.SRTP_AUTHENTICATION,
        Label.SRTP_SALT);
  }

  @Test
  void derivesSrtcpKeysWithTheLabelWhereTheErratumPutsIt() {
    check(
        Vectors.named(FILE, "SRTCP, 48-bit"),
        Label.SRTCP_ENCRYPTION,
        Label.SRTCP_AUTHENTICATION,
        Label.SRTCP_SALT);
  }

  @Test
  void doesNotDeriveTheKeysOfTheLiteralReading() {
    JsonNode mistake = Vectors.named(FILE, "SRTCP, literal");
    assertThat(KeyDerivation.derive(master(), Label.SRTCP_ENCRYPTION, 32))
        .isNotEqualTo(Vectors.octets(mistake, "k_e"));
  }

  private static void check(JsonNode vector, Label encryption, Label authentication, Label salt) {
    assertThat(KeyDerivation.derive(master(), encryption, 32))
        .isEqualTo(Vectors.octets(vector, "k_e"));
    assertThat(KeyDerivation.derive(master(), authentication, 20))
        .isEqualTo(Vectors.octets(vector, "k_a"));
    assertThat(KeyDerivation.derive(master(), salt, 14)).isEqualTo(Vectors.octets(vector, "k_s"));
  }

  private static MasterKey master() {
    JsonNode file = Vectors.file(FILE);
    return MasterKey.of(
        SrtpProfile.AES_256_CM_HMAC_SHA1_80,
        Vectors.octets(file, "k_master"),
        Vectors.octets(file, "master_salt"),
        new byte[0]);
  }
}
