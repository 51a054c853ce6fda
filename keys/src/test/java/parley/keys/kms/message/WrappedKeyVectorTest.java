package parley.keys.kms.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import parley.keys.Secrets;
import parley.keys.Vectors;
import parley.keys.kms.message.WrappedKey.Way;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// AES key wrap (RFC 3394, 4) and the one with padding (RFC 5649, 6), which RSK and PVT need.
class WrappedKeyVectorTest {
  @Test
  void wrapsAsRfc3394() throws Exception {
    for (JsonNode vector : Vectors.cases("rfc3394-keywrap.json")) {
      verify(
          Way.RFC_3394, text(vector, "KEK"), text(vector, "KeyData"), text(vector, "Ciphertext"));
    }
  }

  @Test
  void wrapsAsRfc5649() throws Exception {
    for (JsonNode vector : Vectors.cases("rfc5649-keywrap-pad.json")) {
      verify(Way.RFC_5649, text(vector, "KEK"), text(vector, "Key"), text(vector, "Wrap"));
    }
  }

  private static void verify(Way way, String kek, String key, String wrapped) throws Exception {
    try (SecretBytes under = Secrets.hex(kek);
        SecretBytes secret = Secrets.hex(key)) {
      byte[] octets = WrappedKey.wrap(way, under, secret);
      assertThat(octets).isEqualTo(HexFormat.of().parseHex(wrapped));
      assertThat(Secrets.hex(WrappedKey.unwrap(way, under, octets, "key"))).isEqualTo(key);
      for (int bit = 0; bit < 8 * octets.length; bit++) {
        byte[] flipped = octets.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertThatThrownBy(() -> WrappedKey.unwrap(way, under, flipped, "key"))
            .isInstanceOf(WrongTransportKey.class);
      }
    }
  }

  @Test
  void choosesTheWayByTheLength() {
    assertThat(Way.forLength(257)).isEqualTo(Way.RFC_5649);
    assertThat(Way.forLength(65)).isEqualTo(Way.RFC_5649);
    assertThat(Way.forLength(32)).isEqualTo(Way.RFC_3394);
    assertThat(Way.forLength(8)).isEqualTo(Way.RFC_5649);
  }

  private static String text(JsonNode node, String field) {
    return node.required(field).asString();
  }
}
