package parley.mikey.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.mikey.secret.SecretBytes;

class KeyDataTest {
  private static final String GSK = "404142434445464748494a4b4c4d4e4f";
  private static final String WITH_SPI = "00010010" + GSK + "04f0000001";

  @Test
  void readsAndWritesATgkWithItsSpi() throws Exception {
    List<KeyData> keys = read(WITH_SPI);
    assertThat(keys).hasSize(1);
    assertThat(keys.getFirst().type()).isEqualTo(KeyData.Type.TGK);
    assertThat(keys.getFirst().key()).isEqualTo(secret(GSK));
    assertThat(keys.getFirst().salt()).isEmpty();
    assertThat(keys.getFirst().validity()).isEqualTo(new KeyValidity.Spi(Octets.ofInt(0xf0000001)));
    assertThat(KeyData.write(keys)).isEqualTo(HexFormat.of().parseHex(WITH_SPI));
  }

  @Test
  void readsAndWritesSeveralKeysWithSaltAndInterval() throws Exception {
    String tek = "14" + "20" + "0002aabb";
    String tekWithSalt = "00" + "32" + "0001cc" + "0001dd" + "0101" + "0102";
    String hex = tek + tekWithSalt;
    List<KeyData> keys = read(hex);
    assertThat(keys).hasSize(2);
    assertThat(keys.get(1).validity())
        .isEqualTo(new KeyValidity.Interval(Octets.of(new byte[] {1}), Octets.of(new byte[] {2})));
    assertThat(keys.get(1).salt()).contains(secret("dd"));
    assertThat(KeyData.write(keys)).isEqualTo(HexFormat.of().parseHex(hex));
  }

  @Test
  void refusesEveryCutAndEveryTrailingOctet() {
    for (int end = 0; end < WITH_SPI.length(); end += 2) {
      String cut = WITH_SPI.substring(0, end);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(MalformedMessage.class);
    }
    refuses(WITH_SPI + "00", "after the last key");
  }

  @Test
  void refusesUnknownTypesAndForms() {
    refuses("00710010" + GSK + "00", "key type 7");
    refuses("00030010" + GSK, "key validity 3");
    refuses("05000010" + GSK, "payload type 5 is no key data");
    refuses("14000000".repeat(9), "more than 8 keys");
  }

  @Test
  void insistsOnASaltWhereTheTypeHasOne() {
    var none = new KeyValidity.Unlimited();
    assertThatThrownBy(() -> KeyData.of(KeyData.Type.TGK_SALT, secret(GSK), none))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeyData.of(KeyData.Type.TGK, secret(GSK), secret(GSK), none))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void showsNoKeyAndClosesIt() throws Exception {
    KeyData key = read(WITH_SPI).getFirst();
    assertThat(key.toString()).doesNotContain("40414243");
    key.close();
    assertThat(key.key().isClosed()).isTrue();
  }

  private static List<KeyData> read(String hex) throws MalformedMessage {
    return KeyData.read(HexFormat.of().parseHex(hex));
  }

  private static SecretBytes secret(String hex) {
    return SecretBytes.copyOf(HexFormat.of().parseHex(hex), "test");
  }

  private static void refuses(String hex, String text) {
    assertThatThrownBy(() -> read(hex))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining(text);
  }
}
