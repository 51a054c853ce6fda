package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `mikey decode` takes for a message, and what it says of it.
class MikeyCommandTest {
  /// HDR of an error message, T as a counter, ERR: the least that is a message.
  private static final String HEX = "0106050000c0ffee0001" + "0c0200000007" + "00010000";

  @TempDir Path folder;

  @Test
  void readsHexadecimalBase64SdpAndFiles() throws Exception {
    byte[] octets = HexFormat.of().parseHex(HEX);
    String base64 = Base64.getEncoder().encodeToString(octets);
    Path binary = Files.write(folder.resolve("binary"), octets);
    Path sdp =
        Files.writeString(
            folder.resolve("offer.sdp"), "v=0\r\na=key-mgmt:mikey " + base64 + "\r\nm=audio 9\r\n");
    Path hex = Files.writeString(folder.resolve("hex"), HEX.replaceAll("(..)", "$1:") + "\n");
    String expected = Run.of("mikey", "decode", HEX).out();

    assertThat(expected)
        .contains("MIKEY message, 20 octets", "6 (ERROR)", "CSB ID 00c0ffee", "2 (COUNTER), 7");
    for (Object input : new Object[] {base64, binary, sdp, hex, "key-mgmt:mikey " + base64}) {
      Run run = Run.of("mikey", "decode", input);
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).isEqualTo(expected);
    }
  }

  @Test
  void saysWhatIsNoMessage() throws Exception {
    Run text = Run.of("mikey", "decode", "no such file");
    assertThat(text.exitCode()).isEqualTo(2);
    assertThat(text.err()).contains("neither hexadecimal nor base64 nor an SDP attribute");

    Run cut = Run.of("mikey", "decode", HEX.substring(0, 30));
    assertThat(cut.exitCode()).isEqualTo(1);
    assertThat(cut.err()).contains("RFC 3830, 6.6, octet");

    Path large = Files.write(folder.resolve("large"), new byte[70_000]);
    assertThat(Run.of("mikey", "decode", large).err()).contains("longer than any MIKEY message");
  }

  /// Names that a sender chose cannot move the cursor, or look like a line of ours.
  @Test
  void escapesTextOfTheSender() {
    String name = "a\"\u001b[2J\nsignature: valid";
    byte[] octets = name.getBytes(StandardCharsets.ISO_8859_1);
    String hex =
        "0106060000c0ffee0001"
            + "0c00"
            + "%04x".formatted(octets.length)
            + HexFormat.of().formatHex(octets)
            + "00010000";
    assertThat(Run.of("mikey", "decode", hex).out())
        .contains("\"a\\x22\\x1b[2J\\x0asignature: valid\"")
        .doesNotContain("\nsignature");
  }

  @Test
  void needsAnIdentityBesideAVault() {
    Run run = Run.of("mikey", "decode", "--vault", folder.resolve("vault"), HEX);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--identity");
  }
}
