package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import parley.keys.Secrets;
import parley.keys.Vectors;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// RFC 3394, section 4: the cases with a 256-bit key-encrypting key.
class RecordingKeyRfc3394VectorTest {
  @Test
  void wrapsAsPublished() throws VaultException {
    int cases = 0;
    for (JsonNode vector : Vectors.cases("rfc3394-keywrap.json")) {
      if (vector.get("KEK").asString().length() == 64) {
        checkVector(vector);
        cases++;
      }
    }
    assertThat(cases).isEqualTo(3);
  }

  private static void checkVector(JsonNode vector) throws VaultException {
    byte[] ciphertext = HexFormat.of().parseHex(vector.get("Ciphertext").asString());
    try (RecordingKey key = RecordingKey.of(Secrets.hex(vector.get("KEK").asString()));
        SecretBytes data = Secrets.hex(vector.get("KeyData").asString());
        SecretBytes back = key.unwrap(ciphertext)) {
      assertThat(key.wrap(data)).isEqualTo(ciphertext);
      assertThat(back).isEqualTo(data);
    }
  }

  @Test
  void refusesEveryFlippedBitAndOddLengths() {
    try (RecordingKey key = RecordingKey.of(Secrets.hex("00".repeat(32)));
        SecretBytes data = Secrets.hex("11".repeat(16))) {
      byte[] wrapped = key.wrap(data);
      for (int bit = 0; bit < 8 * wrapped.length; bit++) {
        byte[] flipped = wrapped.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertThatThrownBy(() -> key.unwrap(flipped)).isInstanceOf(VaultException.class);
      }
      for (int length : new int[] {0, 1, 8, 16, 23, 25}) {
        assertThatThrownBy(() -> key.unwrap(new byte[length])).isInstanceOf(VaultException.class);
      }
      assertThatIllegalArgumentException().isThrownBy(() -> key.wrap(Secrets.hex("11".repeat(12))));
    }
  }
}
