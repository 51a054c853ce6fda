package parley.mikey.prf;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// TS 33.220, Annex B. UID and GUK-ID of the published vectors go through the same function.
class Kdf33220Test {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void putsALengthBehindEachParameter() {
    byte[] s = Kdf33220.input(0x01, "gba-me".getBytes(US_ASCII), new byte[0], new byte[258]);

    assertThat(HEX.formatHex(s))
        .isEqualTo("01" + "6762612d6d650006" + "0000" + "00".repeat(258) + "0102");
  }

  @Test
  void writesNumbersAsShortAsTheyAre() {
    assertThat(Kdf33220.number(0)).containsExactly(0);
    assertThat(Kdf33220.number(255)).containsExactly(0xFF);
    assertThat(Kdf33220.number(256)).containsExactly(1, 0);
    assertThatThrownBy(() -> Kdf33220.number(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAParameterWhoseLengthHasNoTwoOctets() {
    assertThat(Kdf33220.derive(new byte[32], 0, new byte[65535])).hasSize(32);
    assertThatThrownBy(() -> Kdf33220.derive(new byte[32], 0, new byte[65536]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
