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

  private static final String SESSION =
      """
      v=0
      o=- 1 1 IN IP4 10.0.0.7
      s=-
      c=IN IP4 10.0.0.7
      t=0 0
      m=audio 9 RTP/SAVP 0
      """
          .replace("\n", "\r\n");

  @TempDir Path folder;

  @Test
  void readsHexadecimalBase64SdpAndFiles() throws Exception {
    byte[] octets = HexFormat.of().parseHex(HEX);
    String base64 = Base64.getEncoder().encodeToString(octets);
    Path binary = Files.write(folder.resolve("binary"), octets);
    Path sdp =
        Files.writeString(
            folder.resolve("offer.sdp"), SESSION + "a=key-mgmt:mikey " + base64 + "\r\n");
    Path hex = Files.writeString(folder.resolve("hex"), HEX.replaceAll("(..)", "$1:") + "\n");
    String expected = Run.of("mikey", "decode", HEX).out();

    assertThat(expected)
        .contains("MIKEY message, 20 octets", "6 (ERROR)", "CSB ID 00c0ffee", "2 (COUNTER), 7");
    String asArgument = Files.readString(sdp).strip();
    for (Object input :
        new Object[] {base64, binary, sdp, asArgument, hex, "key-mgmt:mikey " + base64}) {
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

  @Test
  void saysWhichLineOfSdpIsWrong() throws Exception {
    String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(HEX));
    String attribute = "a=key-mgmt:mikey " + base64 + "\r\n";

    Run cut = Run.of("mikey", "decode", attribute.replace("=\r\n", ""));
    assertThat(cut.exitCode()).isEqualTo(1);
    assertThat(cut.err()).startsWith("parley: this is no SDP: RFC 4567, 3.1, line 1: the base64");
    Path file = Files.writeString(folder.resolve("a.sdp"), SESSION + attribute.replace("A", "*"));
    assertThat(Run.of("mikey", "decode", file).err())
        .isEqualTo(
            "parley: this is no SDP: RFC 4567, 3.1, line 7: the data of mikey is not base64\n");
    assertThat(Run.of("mikey", "decode", SESSION).err())
        .contains("this description has no key-mgmt:mikey");
    assertThat(Run.of("mikey", "decode", SESSION + attribute + "a=key-mgmt:mikey AQAA\r\n").err())
        .contains("has 2 messages; give one attribute");
  }

  @Test
  void cutsAMessageIntoShortMessagesAndJoinsThem() throws Exception {
    byte[] message = new byte[500];
    new java.util.Random(1).nextBytes(message);
    message[0] = 1;
    Path file = Files.write(folder.resolve("message"), message);
    Path sms = folder.resolve("sms");

    Run cut =
        Run.of("mikey", "segments", file, "--sender", "+47.1", "--reference", 7, "--out", sms);

    assertThat(cut.exitCode()).as(cut.err()).isZero();
    assertThat(cut.out().lines())
        .containsExactly(
            sms + "/+47.1.007-1.sms",
            sms + "/+47.1.007-2.sms",
            sms + "/+47.1.007-3.sms",
            sms + "/+47.1.007-4.sms");
    assertThat(Files.readAllBytes(sms.resolve("+47.1.007-4.sms")))
        .hasSize(6 + 500 - 3 * 134)
        .startsWith(5, 0, 3, 7, 4, 4);
    assertThat(Run.of("mikey", "join", sms).out().strip())
        .isEqualTo(HexFormat.of().formatHex(message));
    Path joined = folder.resolve("joined");
    Run.of("mikey", "join", "--out", joined, sms.resolve("+47.1.007-4.sms"), sms);
    assertThat(joined).hasBinaryContent(message);

    Run again =
        Run.of("mikey", "segments", file, "--sender", "+47.1", "--reference", 7, "--out", sms);
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("is there already; choose another --reference");
    Files.delete(sms.resolve("+47.1.007-2.sms"));
    Run missing = Run.of("mikey", "join", sms);
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err()).contains("no message is complete: segments of 1 are missing");
  }

  @Test
  void saysWhyAMessageCannotBeCutOrJoined() throws Exception {
    byte[] longest = new byte[1073];
    longest[0] = 1;
    Path file = Files.write(folder.resolve("long"), longest);
    Run tooLong = Run.of("mikey", "segments", file, "--out", folder.resolve("sms"));
    assertThat(tooLong.exitCode()).isEqualTo(1);
    assertThat(tooLong.err())
        .contains("1073 octets do not fit 1 to 8 short messages of 134 octets");
    assertThat(Run.of("mikey", "segments", HEX, "--sender", "a/b", "--out", folder).err())
        .contains("a sender has 1 to 64 characters and no slash");
    assertThat(Run.of("mikey", "join", file).err()).contains("it has more than 140 octets");
    Path text = Files.writeString(folder.resolve("text.1.sms"), "hello there");
    assertThat(Run.of("mikey", "join", text).err())
        .contains("is no segment: 3GPP TS 23.040, 9.2.3.24.1, octet 0");
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
