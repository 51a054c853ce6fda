package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.mikey.group.Fixture.GOOD;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.DataType;
import parley.mikey.message.EncryptionAlgorithm;
import parley.mikey.message.Header;
import parley.mikey.message.IdType;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MacAlgorithm;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.SignatureType;
import parley.mikey.message.TimestampType;
import parley.mikey.prf.MikeyPrf;

/// The grammar of an announcement, refused where it is broken: even with a MAC and a signature that
/// hold, none of these would be taken.
class AnnouncementGrammarTest {
  private static final int KEMAC = 7;
  private static final int SIGN = 8;

  @Test
  void refusesAMissingPayload() {
    for (int i = 0; i <= SIGN; i++) {
      int missing = i;
      refusesPayloads(payloads -> payloads.remove(missing));
    }
  }

  @Test
  void refusesARepeatedPayload() {
    for (int i = 0; i < SIGN; i++) {
      int repeated = i;
      refusesPayloads(payloads -> payloads.add(repeated, payloads.get(repeated)));
    }
  }

  @Test
  void refusesAnotherOrder() {
    for (int i = 0; i < KEMAC; i++) {
      int first = i;
      refusesPayloads(payloads -> payloads.add(first, payloads.remove(first + 1)));
    }
  }

  @Test
  void refusesAStrippedSignature() {
    byte[] stripped = Arrays.copyOf(GOOD, GOOD.length - 131);
    refuses(stripped, "needs");
    stripped[182] = 0;
    refuses(stripped, "Sign is missing");
  }

  @Test
  void refusesASignatureHiddenBehindTheLastPayload() {
    byte[] hidden = GOOD.clone();
    hidden[182] = 0;
    refuses(hidden, "131 octets after the last payload");
  }

  @Test
  void refusesTrailingOctetsAndPayloadsAfterTheSignature() {
    refuses(Arrays.copyOf(GOOD, GOOD.length + 1), "1 octets after the last payload");
    byte[] longer = Arrays.copyOf(GOOD, GOOD.length + 4);
    longer[GOOD.length + 1] = Payload.GeneralExtension.KEY_ID;
    refuses(longer, "4 octets after the last payload");
  }

  @Test
  void refusesAnotherHeader() {
    refusesHeader(h -> header(DataType.PUBLIC_KEY, false, h.prf(), h.map()));
    refusesHeader(h -> header(h.dataType(), true, h.prf(), h.map()));
    refusesHeader(h -> header(h.dataType(), false, MikeyPrf.MIKEY_1, h.map()));
    refusesHeader(h -> header(h.dataType(), false, h.prf(), new CsIdMap.Empty(1)));
    refusesHeader(h -> header(h.dataType(), false, h.prf(), new CsIdMap.GenericId(List.of())));
  }

  @Test
  void refusesStreamsThatAreNoneOfAGroupCall() {
    CsIdMap.GenericIdEntry good = entry(4, "cafebabe00000002" + "1234", "f0000001");
    refusesMap(entry(3, "cafebabe00000002" + "1234", "f0000001"));
    refusesMap(entry(4, "0000000000000002" + "1234", "f0000001"));
    refusesMap(entry(4, "cafebabe00000002" + "1234", "e0000001"));
    refusesMap(entry(4, "cafebabe00000002" + "1234", "f00000"));
    refusesMap(good, entry(5, "cafebabe00000002" + "1234", "f0000001"));
    refusesMap(good, entry(5, "cafebabf00000002" + "1234", "f0000002"));
    refusesMap(new CsIdMap.GenericIdEntry(4, 1, true, List.of(0), good.data(), good.spi()));
    refusesMap(new CsIdMap.GenericIdEntry(4, 0, true, List.of(1), good.data(), good.spi()));
    refusesMap(new CsIdMap.GenericIdEntry(4, 0, false, List.of(0), Octets.NONE, good.spi()));
  }

  private static CsIdMap.GenericIdEntry entry(int csId, String data, String spi) {
    return new CsIdMap.GenericIdEntry(csId, 0, true, List.of(0), hex(data), hex(spi));
  }

  @Test
  void refusesAnotherTimestampType() {
    refusesPayloads(
        payloads -> payloads.set(0, new Payload.Timestamp(TimestampType.NTP, Octets.zeros(8))));
  }

  @Test
  void refusesRandOfAnotherLength() {
    refusesPayloads(payloads -> payloads.set(1, new Payload.Rand(Octets.zeros(31))));
  }

  @Test
  void refusesIdentitiesThatAreNotCanonical() {
    refusesPayloads(payloads -> payloads.set(3, idr(IdrRole.RESPONDER, "SIP:group1@a.example")));
    refusesPayloads(payloads -> payloads.set(2, idr(IdrRole.INITIATOR, "")));
    refusesPayloads(payloads -> payloads.set(5, idr(IdrRole.INITIATOR_KMS, "kms example")));
    refusesPayloads(payloads -> payloads.set(5, idr(IdrRole.INITIATOR_KMS, "")));
  }

  private static Payload idr(IdrRole role, String uri) {
    return GroupCallLayout.idrUri(role, uri);
  }

  @Test
  void refusesWhatIsNoGmkId() {
    for (String id : List.of("10c0ffee", "00c0ff", "")) {
      refusesPayloads(payloads ->
          payloads.set(4, new Payload.Idr(IdrRole.PRE_SHARED_KEY, IdType.BYTE_STRING, hex(id))));
    }
  }

  @Test
  void refusesOtherAlgorithms() {
    Octets data = Octets.zeros(25);
    refusesKemac(
        new Payload.Kemac(
            EncryptionAlgorithm.NULL, data, MacAlgorithm.HMAC_SHA_256_256, Octets.zeros(32)));
    refusesKemac(
        new Payload.Kemac(EncryptionAlgorithm.AES_CM_128, data, MacAlgorithm.NULL, Octets.NONE));
    refusesKemac(
        new Payload.Kemac(
            EncryptionAlgorithm.AES_CM_128, data, MacAlgorithm.HMAC_SHA_1_160, Octets.zeros(20)));
    refusesSign(new Payload.Sign(SignatureType.RSA_PSS, Octets.zeros(129)));
    refusesSign(new Payload.Sign(SignatureType.ECCSI, Octets.zeros(128)));
  }

  @Test
  void refusesAnOriginThatIsNotWhole() {
    String vendor = "7061726c65790001";
    String talker = "010005" + "7369703a61"; // "sip:a"
    String group = talker.replaceFirst("01", "02");
    for (String data :
        List.of("", talker, talker + group, talker + group + "030003000000", "ff0000")) {
      var extension = new Payload.GeneralExtension(0, hex(vendor + data));
      refusesPayloads(payloads -> payloads.add(KEMAC, extension));
    }
  }

  @Test
  void takesExtensionsOfOthers() throws Exception {
    var message = MikeyReader.read(GOOD);
    var payloads = new ArrayList<>(message.payloads());
    payloads.add(KEMAC, new Payload.GeneralExtension(0, hex("616263")));
    UnverifiedAnnouncement.read(MikeyWriter.write(new MikeyMessage(message.header(), payloads)));
  }

  private static void refusesKemac(Payload.Kemac kemac) {
    refusesPayloads(payloads -> payloads.set(KEMAC, kemac));
  }

  private static void refusesSign(Payload.Sign sign) {
    refusesPayloads(payloads -> payloads.set(SIGN, sign));
  }

  private static void refusesMap(CsIdMap.GenericIdEntry... entries) {
    refusesHeader(
        h -> header(h.dataType(), false, h.prf(), new CsIdMap.GenericId(Arrays.asList(entries))));
  }

  private static Header header(DataType type, boolean v, MikeyPrf prf, CsIdMap map) {
    return new Header(type, v, prf, 0x1badcafe, map);
  }

  private static void refusesHeader(UnaryOperator<Header> change) {
    MikeyMessage good = good();
    refuses(MikeyWriter.write(new MikeyMessage(change.apply(good.header()), good.payloads())), "");
  }

  private static void refusesPayloads(Consumer<List<Payload>> change) {
    var payloads = new ArrayList<>(good().payloads());
    change.accept(payloads);
    try {
      refuses(MikeyWriter.write(new MikeyMessage(good().header(), payloads)), "");
    } catch (IllegalArgumentException _) {
      // nothing may follow SIGN, so the writer refuses it before the reader can
    }
  }

  private static MikeyMessage good() {
    try {
      return MikeyReader.read(GOOD);
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
  }

  private static Octets hex(String hex) {
    return Octets.of(HexFormat.of().parseHex(hex));
  }

  private static void refuses(byte[] octets, String text) {
    assertThatThrownBy(() -> UnverifiedAnnouncement.read(octets))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining(text);
  }
}
