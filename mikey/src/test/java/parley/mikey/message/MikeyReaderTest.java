package parley.mikey.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.mikey.prf.MikeyPrf;

/// One test for each thing the reader refuses; the clause and the offset say where.
class MikeyReaderTest {
  /// HDR with an empty map; the third octet, the next payload, is %s.
  private static final String HEAD = "0100%s01000000010001";

  @Test
  void readsAMessageWithoutPayloads() throws Exception {
    assertThat(read(HEAD.formatted("00")).payloads()).isEmpty();
  }

  @Test
  void refusesAnotherVersion() {
    refuses("02000001000000010001", "RFC 3830, 6.1", "version 2");
  }

  @Test
  void refusesAnUnknownDataType() {
    refuses("010f0001000000010001", "RFC 3830, 6.1", "data type 15");
  }

  @Test
  void refusesAnUnknownPrf() {
    refuses("01000002000000010001", "RFC 3830, 6.1", "PRF function 2");
  }

  @Test
  void refusesAnUnknownMapType() {
    refuses("01000001000000010003", "RFC 3830, 6.1", "CS ID map type 3");
  }

  @Test
  void refusesMoreThan32CryptoSessions() {
    refuses("01000001000000012101", "RFC 3830, 6.1", "33 crypto sessions");
  }

  @Test
  void refusesEveryPayloadTypeThatHasNoReader() {
    List<Integer> known = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 21, 26);
    for (int type = 1; type < 256; type++) {
      if (!known.contains(type)) {
        String octets = HEAD.formatted(HexFormat.of().toHexDigits((byte) type)) + "00".repeat(64);
        refuses(octets, "RFC 3830, 6.1", "payload type " + type + " is not known");
      }
    }
  }

  @Test
  void refusesKeyDataOutsideAKemac() {
    refuses(HEAD.formatted("14") + "00000010" + "00".repeat(16), "RFC 3830, 6.1", "type 20");
  }

  @Test
  void refusesOctetsAfterTheLastPayload() {
    refuses(HEAD.formatted("00") + "00", "RFC 3830, 6.1", "1 octets after the last payload");
  }

  @Test
  void refusesAPayloadAfterSign() {
    String sign = "2001ff";
    refuses(HEAD.formatted("04") + sign + "0c00000000", "RFC 3830, 6.5", "5 octets after");
  }

  @Test
  void refusesWhatRunsOut() {
    refuses(HEAD.formatted("0b") + "0010" + "00".repeat(15), "RFC 3830, 6.11", "needs 16 octets");
  }

  @Test
  void refusesALengthBeyondTheMessageBeforeItAllocates() {
    refuses(HEAD.formatted("1a") + "000102ffff", "RFC 6509, 4.2", "needs 65535 octets, has 0");
  }

  @Test
  void refusesMoreThan24Payloads() throws Exception {
    assertThat(read(chain(24)).payloads()).hasSize(24);
    refuses(chain(25), "RFC 3830, 6.1", "more than 24 payloads");
  }

  /// So many empty general extensions.
  private static String chain(int count) {
    return HEAD.formatted("15") + "15090000".repeat(count - 1) + "00090000";
  }

  @Test
  void refusesMoreThan4096Octets() throws Exception {
    int room = MikeyReader.MAX_OCTETS - 14;
    String fits = HEAD.formatted("15") + "0000" + "%04x".formatted(room) + "00".repeat(room);
    String over =
        HEAD.formatted("15") + "0000" + "%04x".formatted(room + 1) + "00".repeat(room + 1);
    assertThat(read(fits).payloads()).hasSize(1);
    refuses(over, "RFC 3830, 6", "4097 octets, at most 4096");
  }

  @Test
  void refusesReservedBits() {
    refuses(HEAD.formatted("0c") + "00010001", "RFC 3830, 6.12", "reserved octets are set");
    refuses(
        HEAD.formatted("03") + "0001" + "00".repeat(96) + "10", "RFC 3830, 6.4", "reserved bits");
  }

  @Test
  void refusesAPolicyWhoseParametersOverrun() {
    refuses(HEAD.formatted("0a") + "0000000004" + "0003aabb" + "cc", "RFC 3830, 6.10", "beyond");
  }

  @Test
  void refusesARepeatedCsId() {
    String entry = "0400000000" + "00";
    refuses("01000001000000010202" + entry + entry, "RFC 6043, 6.1.1", "CS ID 4 repeated");
  }

  @Test
  void refusesSessionDataThatDoesNotFitTheSBit() {
    refuses(
        "010000010000000101020400" + "80" + "0004" + "00000001" + "00", "RFC 6043, 6.1.1", "S bit");
    refuses(
        "010000010000000101020400" + "00" + "0003" + "000001" + "00", "RFC 6043, 6.1.1", "S bit");
  }

  @Test
  void refusesRepeatedPayloads() {
    var t = new Payload.Timestamp(TimestampType.NTP_UTC, Octets.zeros(8));
    var rand = new Payload.Rand(Octets.zeros(16));
    var idr = new Payload.Idr(IdrRole.INITIATOR, IdType.URI, Octets.NONE);
    var policy = new Payload.SecurityPolicy(0, 0, List.of());
    var kemac =
        new Payload.Kemac(EncryptionAlgorithm.NULL, Octets.NONE, MacAlgorithm.NULL, Octets.NONE);
    var sakke = new Payload.Sakke(1, 1, Octets.NONE);
    for (Payload payload : List.of(t, rand, idr, policy, kemac, sakke)) {
      assertRepeatRefused(payload, 2);
    }
    assertRepeatRefused(new Payload.Id(IdType.URI, Octets.NONE), 3);
  }

  private static void assertRepeatRefused(Payload payload, int times) {
    refuses(MikeyWriter.write(message(payload, times)), "repeated");
    assertThat(MikeyWriter.write(message(payload, times - 1)))
        .satisfies(octets -> assertThat(MikeyReader.read(octets)).isNotNull());
  }

  private static MikeyMessage message(Payload payload, int times) {
    var header =
        new Header(DataType.PRE_SHARED_KEY, false, MikeyPrf.MIKEY_1, 1, new CsIdMap.Empty(0));
    return new MikeyMessage(header, Collections.nCopies(times, payload));
  }

  @Test
  void takesIdentitiesOfEveryRoleOnce() throws Exception {
    List<Payload> roles =
        Arrays.stream(IdrRole.values())
            .<Payload>map(role -> new Payload.Idr(role, IdType.URI, Octets.ofInt(role.code())))
            .toList();
    var message = new MikeyMessage(message(roles.getFirst(), 1).header(), roles);
    assertThat(MikeyReader.read(MikeyWriter.write(message))).isEqualTo(message);
  }

  @Test
  void refusalsCarryNoStackTrace() {
    assertThatThrownBy(() -> MikeyReader.read(new byte[0]))
        .isInstanceOf(MalformedMessage.class)
        .satisfies(refusal -> assertThat(refusal.getStackTrace()).isEmpty());
  }

  @Test
  void writerRefusesWhatNoReaderTakes() {
    var sign = new Payload.Sign(SignatureType.ECCSI, Octets.NONE);
    assertThatThrownBy(() -> MikeyWriter.write(message(sign, 2)))
        .isInstanceOf(IllegalArgumentException.class);
    var tooLong = new Payload.GeneralExtension(0, Octets.zeros(MikeyReader.MAX_OCTETS));
    assertThatThrownBy(() -> MikeyWriter.write(message(tooLong, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static MikeyMessage read(String hex) throws MalformedMessage {
    return MikeyReader.read(HexFormat.of().parseHex(hex));
  }

  private static void refuses(String hex, String clause, String text) {
    assertThatThrownBy(() -> read(hex))
        .isInstanceOfSatisfying(
            MalformedMessage.class, refusal -> assertThat(refusal.clause()).isEqualTo(clause))
        .hasMessageContaining(text);
  }

  private static void refuses(byte[] octets, String text) {
    assertThatThrownBy(() -> MikeyReader.read(octets))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining(text);
  }
}
