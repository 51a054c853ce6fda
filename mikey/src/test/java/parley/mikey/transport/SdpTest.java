package parley.mikey.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.mikey.Vectors;
import parley.mikey.message.DataType;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.Octets;
import tools.jackson.databind.JsonNode;

/// What a description says of keys, and how it says it.
class SdpTest {
  private static final JsonNode OFFER = example(0);
  private static final JsonNode ANSWER = example(1);

  /// The offer of RFC 4567, 5.1, whose lines are not in the order of the grammar.
  static final String RFC_4567 =
      """
      v=0
      o=alice 2891092738 2891092738 IN IP4 w-land.example.com
      s=Cool stuff
      e=alice@w-land.example.com
      t=0 0
      c=IN IP4 w-land.example.com
      a=key-mgmt:mikey %s
      m=audio 49000 RTP/SAVP 98
      a=rtpmap:98 AMR/8000
      m=video 52230 RTP/SAVP 31
      a=rtpmap:31 H261/90000
      """
          .formatted(Vectors.text(OFFER, "base64"));

  private static JsonNode example(int number) {
    return Vectors.load("rfc4567-mikey-examples.json").required("cases").get(number);
  }

  private static SessionDescription read(String text) throws MalformedMessage {
    return SdpReader.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Octets message(JsonNode vector) {
    return Octets.of(Vectors.octets(vector, "message"));
  }

  @Test
  void readsTheOfferOfTheStandardWithEitherEndOfLine() throws Exception {
    SessionDescription offer = read(RFC_4567);

    assertThat(offer.messages()).containsExactly(message(OFFER));
    assertThat(offer.connection()).isEqualTo(new ConnectionAddress("IP4", "w-land.example.com"));
    assertThat(offer.media())
        .extracting(MediaDescription::media, MediaDescription::port)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("audio", 49000),
            org.assertj.core.groups.Tuple.tuple("video", 52230));
    assertThat(offer.media()).allMatch(m -> offer.messagesOf(m).equals(List.of(message(OFFER))));
    assertThat(read(RFC_4567.replace("\n", "\r\n"))).isEqualTo(offer);
  }

  @Test
  void theMessageOfTheAnswerIsAVerificationMessage() throws Exception {
    Octets message = KeyManagement.read("a=key-mgmt:mikey " + Vectors.text(ANSWER, "base64"));

    assertThat(message).isEqualTo(message(ANSWER));
    assertThat(MikeyReader.read(message.bytes()).header().dataType())
        .isEqualTo(DataType.PRE_SHARED_KEY_VERIFICATION);
  }

  @Test
  void whatMediaHasCountsThereAndNotWhatTheSessionHas() throws Exception {
    String answer = Vectors.text(ANSWER, "base64");
    SessionDescription both =
        read(RFC_4567.replace("a=rtpmap:31", "a=key-mgmt: mikey " + answer + "\na=rtpmap:31"));

    assertThat(both.messagesOf(both.media().getFirst())).containsExactly(message(OFFER));
    assertThat(both.messagesOf(both.media().getLast())).containsExactly(message(ANSWER));
    assertThat(both.messagesInForce()).containsExactly(message(OFFER), message(ANSWER));

    SessionDescription foreign =
        read(RFC_4567.replace("a=rtpmap:31", "a=key-mgmt:keyp1 no=base/64?\na=rtpmap:31"));
    assertThat(foreign.messagesOf(foreign.media().getLast())).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> SdpWriter.write(foreign));
  }

  @Test
  void sessionMessagesThatEveryMediaOverridesAreNotInForce() throws Exception {
    String answer = "a=key-mgmt:mikey " + Vectors.text(ANSWER, "base64");
    String overridden = RFC_4567.replaceAll("(m=.*)", "$1\n" + answer);

    assertThat(read(overridden).messagesInForce()).containsExactly(message(ANSWER));
    assertThat(read(RFC_4567.substring(0, RFC_4567.indexOf("m="))).messagesInForce())
        .containsExactly(message(OFFER));
  }

  @Test
  void writesWhatItReads() throws Exception {
    var connection = ConnectionAddress.of(InetAddress.ofLiteral("239.10.0.1"), 16);
    var session =
        new SessionDescription(
            SessionDescription.origin(-1, 7, new ConnectionAddress("IP4", "0.0.0.0")),
            "sip:fire-ops@example.org",
            connection,
            List.of(message(OFFER), message(ANSWER)),
            List.of(
                MediaDescription.of("audio", 5004, "RTP/SAVP", "96"),
                new MediaDescription(
                    "audio",
                    5006,
                    "RTP/SAVP",
                    List.of("0", "96"),
                    ConnectionAddress.of(InetAddress.ofLiteral("ff15::1"), 16),
                    true,
                    List.of(message(ANSWER)))));

    byte[] octets = SdpWriter.write(session);

    assertThat(new String(octets, StandardCharsets.UTF_8))
        .startsWith(
            "v=0\r\no=- 18446744073709551615 7 IN IP4 0.0.0.0\r\ns=sip:fire-ops@example.org\r\n"
                + "c=IN IP4 239.10.0.1/16\r\nt=0 0\r\na=key-mgmt:mikey AQAF")
        .contains("m=audio 5004 RTP/SAVP 96\r\nm=audio 5006 RTP/SAVP 0 96\r\nc=IN IP6 ff15:");
    assertThat(SdpReader.read(octets)).isEqualTo(session);
  }

  @Test
  void nothingThatIsWrittenCanBeginAnotherLine() {
    var audio = MediaDescription.of("audio", 5004, "RTP/SAVP", "96");
    var host = new ConnectionAddress("IP4", "10.0.0.7");
    String origin = SessionDescription.origin(1, 1, host);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConnectionAddress("IP4", "10.0.0.7\r\na=evil"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MediaDescription.of("audio", 5004, "RTP/SAVP\r\na=evil", "96"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MediaDescription.of("audio", 5004, "RTP/SAVP", "96 97\r\na=evil"));
    for (String name : new String[] {"", "x\r\na=evil", "x\n"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new SessionDescription(origin, name, host, List.of(), List.of(audio)));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new SessionDescription(origin + "\n", "x", host, List.of(), List.of(audio)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyManagement.write(Octets.zeros(MikeyReader.MAX_OCTETS + 1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "v=0|v=1|line 1: the version is not 0",
        "v=0|o=x|line 1: v= belongs here",
        "s=Cool stuff|i=Cool stuff|line 3: s= belongs here",
        "s=Cool stuff|s=|line 3: a line is a letter",
        "t=0 0|i=nothing|line 8: t= is missing",
        "t=0 0|t=0|line 5: t= is two numbers",
        "e=alice|x=alice|line 4: x= does not belong here",
        "e=alice|E=alice|line 4: a line is a letter",
        "o=alice 2891092738 |o=alice |line 2: an origin is",
        "c=IN IP4|i=IN IP4|line 8: media without a connection",
        "c=IN IP4|c=ATM|line 6: one c= of IN",
        "t=0 0|c=IN IP4 10.0.0.7|line 6: one c= of IN",
        "w-land.example.com~a=|w land~a=|line 6: one c= of IN",
        "audio 49000|audio 70000|line 8: a port is",
        "audio 49000 RTP/SAVP 98|audio 49000 RTP/SAVP|line 8: m= is media",
        "RTP/SAVP 98|RTP/SAVP 98  99|line 8: media, transport and formats are words",
        "a=rtpmap:98 AMR/8000|t=0 0|line 9: t= does not belong here",
        "a=key-mgmt:mikey |a=key-mgmt:mikey  |RFC 4567, 3.1, line 7: the data of mikey is not base64",
        "a=key-mgmt:mikey |a=key-mgmt:  mikey |line 7: key-mgmt is a protocol",
        "a=key-mgmt:mikey |a=key-mgmt:|line 7: key-mgmt is a protocol",
        "a=rtpmap:98 AMR/8000|a=key-mgmt|line 9: key-mgmt is a protocol",
        "a=key-mgmt:mikey A|a=key-mgmt:mikey *|line 7: the data of mikey is not base64",
      })
  void saysWhichLineIsWrong(String good, String bad, String says) {
    String text = RFC_4567.replace(good.replace('~', '\n'), bad.replace('~', '\n'));
    assertThat(text).isNotEqualTo(RFC_4567);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining(says);
  }

  @Test
  void base64HasOneSpelling() {
    byte[] octets = message(OFFER).bytes();
    for (int length : new int[] {1, 2, 3, 100}) {
      byte[] cut = java.util.Arrays.copyOf(octets, length);
      String good = Base64.getEncoder().encodeToString(cut);
      for (String bad :
          List.of(
              good.replace("=", "") + (length % 3 == 0 ? "=" : ""),
              good + "=",
              good + "\t",
              good + " ",
              Base64.getMimeEncoder(4, "\r\n".getBytes(StandardCharsets.UTF_8))
                      .encodeToString(new byte[9])
                  + good,
              "=" + good)) {
        assertThatThrownBy(() -> KeyManagement.value("mikey " + bad, 1))
            .as(bad)
            .isInstanceOf(MalformedMessage.class);
      }
    }
    assertThatThrownBy(() -> KeyManagement.value("mikey AQF=", 1)) // an unused bit is set
        .hasMessageContaining("unused bits");
    assertThatThrownBy(() -> KeyManagement.value("mikey ", 1)).isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> KeyManagement.value("mikey A_F-", 1))
        .isInstanceOf(MalformedMessage.class);
  }

  @Test
  void theAttributeAloneMustBeOfMikey() throws Exception {
    String base64 = Vectors.text(OFFER, "base64");
    assertThat(KeyManagement.read("key-mgmt:mikey " + base64 + "\r\n")).isEqualTo(message(OFFER));
    assertThat(KeyManagement.read(KeyManagement.write(message(OFFER)))).isEqualTo(message(OFFER));
    for (String bad : List.of("a=key-mgmt:MIKEY ", "a=key-mgmtx:mikey ", "a=crypto:mikey ", "")) {
      assertThatThrownBy(() -> KeyManagement.read(bad + base64))
          .as(bad)
          .isInstanceOf(MalformedMessage.class);
    }
  }

  @Test
  void whatIsTooMuchIsRefusedBeforeItIsDecoded() throws Exception {
    String one = "a=key-mgmt:mikey AQAF\n";
    String full = RFC_4567.replaceFirst("(?m)^a=key-mgmt.*\\n", one.repeat(SdpReader.MAX_MESSAGES));
    assertThat(read(full).messages()).hasSize(SdpReader.MAX_MESSAGES);
    assertThatThrownBy(() -> read(full.replaceFirst(one, one + one)))
        .hasMessageContaining("more than 16 MIKEY messages");

    String media = "m=audio 5004 RTP/SAVP 0\n";
    assertThat(read(RFC_4567 + media.repeat(14)).media()).hasSize(SdpReader.MAX_MEDIA);
    assertThatThrownBy(() -> read(RFC_4567 + media.repeat(15)))
        .hasMessageContaining("more than 16 media");

    String largest = Base64.getEncoder().encodeToString(new byte[MikeyReader.MAX_OCTETS]);
    assertThat(KeyManagement.value("mikey " + largest, 1)).isPresent();
    assertThatThrownBy(() ->
            KeyManagement.value("mikey " + Base64.getEncoder().encodeToString(new byte[4097]), 1))
        .hasMessageContaining("1 to 4096 octets");
    assertThatThrownBy(() -> KeyManagement.value("mikey " + "A".repeat(30_000), 1))
        .hasMessageContaining("more than 4096 octets");

    assertThatThrownBy(() -> SdpReader.read(new byte[SdpReader.MAX_OCTETS + 1]))
        .hasMessageContaining("at most 32768");
    int room = SdpReader.MAX_OCTETS - RFC_4567.length() - media.length();
    String formats = media.strip() + " 0".repeat(room / 2) + "\n";
    assertThat(read(RFC_4567 + formats).media().getLast().formats()).hasSizeGreaterThan(10_000);
  }
}
