package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.mikey.group.Fixture.T;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;

class KeyParametersTest {
  private static final KeyParameters SOME =
      new KeyParameters(
          KeyParameters.GMK,
          1,
          Instant.ofEpochSecond(5),
          Instant.ofEpochSecond(9),
          List.of(Fixture.GROUP, Fixture.OTHER));

  @Test
  void areReadBackWithTheirGroups() throws Exception {
    assertThat(KeyParameters.read(SOME.write())).isEqualTo(SOME);
  }

  @Test
  void everyCutAndEveryTrailingOctetIsRefused() {
    String whole = HexFormat.of().formatHex(SOME.write());
    for (int end = 0; end < whole.length(); end += 2) {
      String cut = whole.substring(0, end);
      assertThatThrownBy(() -> read(cut)).as(cut).isInstanceOf(MalformedMessage.class);
    }
    assertThatThrownBy(() -> read(whole + "00")).isInstanceOf(MalformedMessage.class);
  }

  private static void read(String hex) throws MalformedMessage {
    KeyParameters.read(HexFormat.of().parseHex(hex));
  }

  @Test
  void everyBitFlipOfTheExtensionIsRefused() throws Exception {
    try (var key = Fixture.secret("00".repeat(16))) {
      Payload.GeneralExtension good =
          KeyParametersExtension.seal(SOME, key, 0x1234, T, new byte[16]);
      assertThat(KeyParametersExtension.open(good, key, 0x1234)).isEqualTo(SOME);
      byte[] data = good.data().bytes();
      for (int bit = 0; bit < data.length * Byte.SIZE; bit++) {
        var bad =
            new Payload.GeneralExtension(
                good.type(), Octets.of(AnnouncementHostileTest.flipped(data, bit)));
        assertThatThrownBy(() -> KeyParametersExtension.open(bad, key, 0x1234))
            .isInstanceOf(MalformedMessage.class);
      }
    }
  }
}
