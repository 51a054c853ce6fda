package parley.mikey.message;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;
import static parley.mikey.Vectors.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.mikey.Vectors;
import parley.mikey.prf.MikeyPrf;
import tools.jackson.databind.JsonNode;

/// The messages of RFC 4567, 5, and every other message there is: read, and written as they were.
class MikeyReaderVectorTest {
  private static final JsonNode RFC_4567 =
      Vectors.load("rfc4567-mikey-examples.json").required("cases");

  @Test
  void readsTheOfferOfRfc4567() throws Exception {
    JsonNode vector = RFC_4567.get(0);
    MikeyMessage message = MikeyReader.read(octets(vector, "message"));
    assertThat(message.header())
        .isEqualTo(
            new Header(
                DataType.PRE_SHARED_KEY,
                true,
                MikeyPrf.MIKEY_1,
                0xcd177e50,
                new CsIdMap.SrtpId(List.of(new CsIdMap.SrtpIdEntry(0, 0, 0)))));
    JsonNode kemac = vector.required("payloads").get(4);
    assertThat(message.payloads())
        .containsExactly(
            new Payload.Timestamp(TimestampType.NTP_UTC, hex(vector, 0, "TS_value")),
            new Payload.Rand(hex(vector, 1, "RAND")),
            new Payload.Id(IdType.NAI, ascii("donald@duck.com")),
            new Payload.SecurityPolicy(0, 0, List.of()),
            new Payload.Kemac(
                EncryptionAlgorithm.AES_CM_128,
                Octets.of(octets(kemac, "encr_data")),
                MacAlgorithm.HMAC_SHA_1_160,
                Octets.of(octets(kemac, "MAC"))));
    assertThat(message.offsetOf(4)).isEqualTo(kemac.required("offset").asInt());
  }

  @Test
  void readsTheAnswerOfRfc4567() throws Exception {
    JsonNode vector = RFC_4567.get(1);
    MikeyMessage message = MikeyReader.read(octets(vector, "message"));
    assertThat(message.header().dataType()).isEqualTo(DataType.PRE_SHARED_KEY_VERIFICATION);
    assertThat(message.payloads())
        .containsExactly(
            new Payload.Timestamp(TimestampType.NTP_UTC, hex(vector, 0, "TS_value")),
            new Payload.Id(IdType.NAI, ascii("mickey@mouse.com")),
            new Payload.Verification(MacAlgorithm.HMAC_SHA_1_160, hex(vector, 2, "ver_data")));
  }

  @Test
  void readsTheMessagesOfTs33180() throws Exception {
    for (JsonNode vector :
        Vectors.load("interop-mikey-sakke-ts33180.json").required("cases").values()) {
      MikeyMessage message = MikeyReader.read(octets(vector, "I_MESSAGE"));
      assertThat(message.payloads())
          .extracting(PayloadType::of)
          .containsExactly(
              PayloadType.T,
              PayloadType.RAND,
              PayloadType.IDR,
              PayloadType.IDR,
              PayloadType.IDR,
              PayloadType.IDR,
              PayloadType.SP,
              PayloadType.SAKKE,
              PayloadType.GENERAL_EXTENSION,
              PayloadType.SIGN);
      assertThat(message.offsetOf(9)).isEqualTo(vector.required("sign_payload_offset").asInt());
      assertThat(message.offsetOf(7)).isEqualTo(vector.required("sakke_payload_offset").asInt());
      assertThat(((Payload.Rand) message.payloads().get(1)).value())
          .isEqualTo(Octets.of(octets(vector, "RAND")));
    }
  }

  @Test
  void writesEveryMessageAsItWas() throws Exception {
    List<byte[]> messages = all();
    assertThat(messages).hasSize(9);
    for (byte[] octets : messages) {
      assertThat(MikeyWriter.write(MikeyReader.read(octets))).isEqualTo(octets);
    }
  }

  static List<byte[]> all() {
    var messages = new ArrayList<byte[]>();
    RFC_4567.values().forEach(vector -> messages.add(octets(vector, "message")));
    addAll("profile-mikey-psk-sign.json", "message", messages);
    addAll("profile-gmk-imessage.json", "message", messages);
    addAll("interop-mikey-sakke-ts33180.json", "I_MESSAGE", messages);
    return messages;
  }

  private static void addAll(String file, String field, List<byte[]> messages) {
    for (JsonNode vector : Vectors.load(file).required("cases").values()) {
      assertThat(text(vector, field)).isNotEmpty();
      messages.add(octets(vector, field));
    }
  }

  private static Octets hex(JsonNode vector, int payload, String field) {
    return Octets.of(octets(vector.required("payloads").get(payload), field));
  }

  private static Octets ascii(String text) {
    return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
  }
}
