package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;
import static parley.mikey.Vectors.text;
import static parley.mikey.Vectors.word;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.FixedRandom;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.KeyData;
import parley.mikey.message.KeyValidity;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.Octets;
import parley.mikey.prf.MikeyKeys;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// The four announcements of `profile-mikey-psk-sign.json`, written and read octet for octet.
class AnnouncementVectorTest {
  /// One case: the octets, and what its name says about it.
  record Case(
      String name,
      JsonNode vector,
      AnnouncementProfile profile,
      MediaPolicy policy,
      CryptoSession session,
      @Nullable BridgeOrigin origin) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    var gcm = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);
    var gcmWithRoc = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, true);
    var hmac = new MediaPolicy(MediaSuite.AES_CM_128_HMAC_SHA1_80, false);
    var stream = new CryptoSession(4, 0xcafebabe, true, 2, 0x1234);
    var basicStream = new CryptoSession(1, 0xcafebabe, false, 2, 0);
    var origin =
        new BridgeOrigin(
            Fixture.OTHER,
            new Identity("sip:group2@mcptt.example.org"),
            0x2badcafe,
            List.of(Fixture.TALKER));
    var group = AnnouncementProfile.GROUP_CALL;
    var basic = AnnouncementProfile.RFC_3830_BASIC;
    return Stream.of(
        new Case("A", vector(0), group, gcm, stream, null),
        new Case("R", vector(1), group, gcmWithRoc, stream, null),
        new Case("D", vector(2), group, gcm, stream, origin),
        new Case("B", vector(3), basic, hmac, basicStream, null));
  }

  private static JsonNode vector(int index) {
    return Fixture.ANNOUNCEMENTS.get(index);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isWrittenOctetForOctet(Case c) throws Exception {
    try (var gmk = Fixture.gmk();
        var announcement = announcement(c, gmk);
        var signer = signer(c.vector())) {
      var j = new FixedRandom(octets(c.vector(), "j"));
      byte[] sealed = announcement.seal(timestamp(c.vector()), List.of(c.session()), signer, j);
      assertThat(sealed).isEqualTo(octets(c.vector(), "message"));
      assertThat(announcement.csbId()).isEqualTo(word(c.vector(), "CSB_ID"));
      assertThat(announcement.rand()).isEqualTo(octets(c.vector(), "RAND"));
    }
  }

  private static GskAnnouncement announcement(Case c, GroupMasterKey gmk) {
    if (c.profile() == AnnouncementProfile.RFC_3830_BASIC) {
      return basic(c, gmk);
    }
    byte[] csbId = octets(c.vector(), "CSB_ID");
    byte[] nonce = octets(c.vector(), "RAND_N");
    return GskAnnouncement.prepare(
        Fixture.TALKER,
        Fixture.GROUP,
        Fixture.KMS_URI,
        c.policy(),
        List.of(c.session()),
        c.origin(),
        gmk,
        Fixture.gsk(),
        new FixedRandom(csbId, nonce));
  }

  private static GskAnnouncement basic(Case c, GroupMasterKey gmk) {
    var fields =
        new AnnouncementFields(
            word(c.vector(), "CSB_ID"),
            Octets.of(octets(c.vector(), "RAND")),
            Fixture.TALKER,
            Fixture.GROUP,
            gmk.gmkId(),
            "",
            List.of(c.session()),
            GroupSessionKey.NO_ID,
            c.policy().payload(),
            null);
    return new GskAnnouncement(c.profile(), fields, gmk, Fixture.gsk());
  }

  private static EccsiSigner signer(JsonNode vector) throws Exception {
    byte[] id = octets(vector, "ECCSI_ID");
    try (var ssk = SecretBytes.take(octets(vector, "SSK"), "SSK")) {
      return EccsiSigner.of(Fixture.KMS.authKey(), id, ssk, octets(vector, "PVT"));
    }
  }

  private static NtpTimestamp timestamp(JsonNode vector) {
    return new NtpTimestamp(HexFormat.fromHexDigitsToLong(text(vector, "T")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isReadFieldByField(Case c) throws Exception {
    var read = UnverifiedAnnouncement.read(octets(c.vector(), "message"), c.profile());
    assertThat(read.octets()).isEqualTo(octets(c.vector(), "message"));
    assertThat(read.csbId()).isEqualTo(word(c.vector(), "CSB_ID"));
    assertThat(read.timestamp()).isEqualTo(timestamp(c.vector()));
    assertThat(read.rand()).isEqualTo(octets(c.vector(), "RAND"));
    assertThat(read.talker()).isEqualTo(Fixture.TALKER);
    assertThat(read.group()).isEqualTo(Fixture.GROUP);
    assertThat(read.gmkId()).isEqualTo(word(c.vector(), "GMK-ID"));
    assertThat(read.sessions()).containsExactly(c.session());
    assertThat(read.policy()).isEqualTo(c.policy());
    assertThat(read.origin()).isEqualTo(c.origin());
    assertThat(read.isRandBound()).isEqualTo(c.vector().required("RAND_bound").asBoolean());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyValueInBetweenIsThePublishedOne(Case c) throws Exception {
    JsonNode vector = c.vector();
    try (var gmk = Fixture.gmk()) {
      var read = UnverifiedAnnouncement.read(octets(vector, "message"), c.profile());
      PreSharedKeys keys = read.keys(gmk);
      byte[] authKey = octets(vector, "auth_key");
      assertThat(keys.encryptionKey()).isEqualTo(octets(vector, "encr_key"));
      assertThat(keys.authenticationKey(authKey.length)).isEqualTo(authKey);
      assertThat(keys.saltKey()).isEqualTo(octets(vector, "salt_key"));
      assertThat(keys.iv(read.timestamp())).isEqualTo(octets(vector, "KEMAC_IV"));
      byte[] plaintext = octets(vector, "key_data_plaintext");
      byte[] encrypted = octets(vector, "encr_data");
      assertThat(keys.crypt(read.timestamp(), plaintext)).isEqualTo(encrypted);
      assertThat(keys.crypt(read.timestamp(), encrypted)).isEqualTo(plaintext);
      assertThat(KeyData.write(List.of(gskData()))).isEqualTo(plaintext);
      assertThat(keys.mac(c.profile().mac(), octets(vector, "mac_input")))
          .isEqualTo(octets(vector, "MAC"));
    }
  }

  private static KeyData gskData() {
    return KeyData.of(
        KeyData.Type.TGK, Fixture.gsk().key(), new KeyValidity.Spi(Octets.ofInt(0xf0000001)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void macAndSignatureStandWhereTheyShould(Case c) throws Exception {
    JsonNode vector = c.vector();
    byte[] octets = octets(vector, "message");
    var places = AnnouncementPlaces.of(MikeyReader.read(octets));
    assertThat(places.kemacOffset()).isEqualTo(vector.required("kemac_payload_offset").asInt());
    assertThat(places.signedOctets()).isEqualTo(vector.required("signed_octets").asInt());
    assertThat(places.authenticated(octets)).isEqualTo(octets(vector, "mac_input"));
    assertThat(Arrays.copyOfRange(octets, places.signedOctets(), octets.length))
        .isEqualTo(octets(vector, "Signature"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isVerifiedAndUnwrapped(Case c) throws Exception {
    try (var gmk = Fixture.gmk()) {
      var read = UnverifiedAnnouncement.read(octets(c.vector(), "message"), c.profile());
      assertThat(Fixture.KMS.identifier(read.talker(), read.timestamp()))
          .isEqualTo(octets(c.vector(), "ECCSI_ID"));
      assertThat(read.isMacValid(gmk)).isTrue();
      assertThat(read.isSigned(Fixture.KMS, new EccsiVerifier(4))).isTrue();
      try (GroupSessionKey gsk = read.unwrap(gmk)) {
        assertThat(gsk.gskId()).isEqualTo(word(c.vector(), "GSK-ID"));
        gsk.key().lendTo(SecretAccess.token(), tgk -> assertMediaKeys(c, tgk));
      }
    }
  }

  private static void assertMediaKeys(Case c, byte[] tgk) {
    JsonNode keys = c.vector().required("crypto_sessions").get(0);
    int csId = keys.required("CS_ID").asInt();
    int csbId = word(c.vector(), "CSB_ID");
    byte[] rand = octets(c.vector(), "RAND");
    var prf = c.profile().prf();
    MediaSuite suite = c.policy().suite();
    assertThat(tgk).isEqualTo(octets(c.vector(), "GSK"));
    assertThat(MikeyKeys.tek(prf, tgk, csId, csbId, rand, suite.masterKeyOctets()))
        .isEqualTo(octets(keys, "SRTP_master_key"));
    assertThat(MikeyKeys.salt(prf, tgk, csId, csbId, rand, suite.masterSaltOctets()))
        .isEqualTo(octets(keys, "SRTP_master_salt"));
  }
}
