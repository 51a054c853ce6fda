package parley.mikey.group;

import static parley.mikey.Vectors.octets;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.InvalidKey;
import parley.mikey.Vectors;
import parley.mikey.eccsi.EccsiMasterKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiUserKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.message.EncryptionAlgorithm;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.SignatureType;
import parley.mikey.sakke.SakkeMasterKey;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// The world of the vectors: the KMS of RFC 6507 and RFC 6508, one group, its GMK, a talker.
final class Fixture {
  static final JsonNode ANNOUNCEMENTS =
      Vectors.load("profile-mikey-psk-sign.json").required("cases");
  static final byte[] GOOD = octets(ANNOUNCEMENTS.get(0), "message");
  static final byte[] BRIDGED = octets(ANNOUNCEMENTS.get(2), "message");
  static final byte[] BASIC = octets(ANNOUNCEMENTS.get(3), "message");

  static final Identity TALKER = new Identity("tel:+447700900123");
  static final Identity OTHER = new Identity("tel:+447700900999");
  static final Identity GROUP = new Identity("sip:group1@mcptt.example.org");
  static final String KMS_URI = "kms.example.org";
  static final NtpTimestamp T = new NtpTimestamp(0xd104e94080000000L);
  static final Instant NOW = T.toInstant();
  static final SecureRandom RANDOM = new SecureRandom();

  static final EccsiMasterKey KSAK = EccsiMasterKey.of(secret("%064x".formatted(0x12345)));
  static final SakkeMasterKey Z =
      SakkeMasterKey.of(secret("0".repeat(216) + "aff429d35f84b110d094803b3595a6e2998bc99f"));
  static final KmsCertificate KMS =
      KmsCertificate.of(KMS_URI, UserIdFormat.RFC_6509, 0, 0, KSAK.publicKey(), Z.publicKey());

  /// The same KMS with identifiers of TS 33.180, by another name.
  static final String HASHED_KMS_URI = "hashed.kms.example.org";

  static final long PERIOD_SECONDS = 2_592_000;
  static final KmsCertificate HASHED_KMS =
      KmsCertificate.of(
          HASHED_KMS_URI,
          UserIdFormat.TS_33180,
          PERIOD_SECONDS,
          0,
          KSAK.publicKey(),
          Z.publicKey());

  static final KmsDirectory DIRECTORY = uri -> uri.equals(KMS_URI) ? KMS : null;

  private Fixture() {}

  static SecretBytes secret(String hex) {
    return SecretBytes.take(HexFormat.of().parseHex(hex), "test");
  }

  static GroupMasterKey gmk() {
    return gmk(GROUP, 0x00c0ffee, T);
  }

  static GroupMasterKey gmk(Identity group, int id, NtpTimestamp issued) {
    Instant activation = NOW.minus(Duration.ofDays(1));
    SecretBytes key = secret("101112131415161718191a1b1c1d1e1f");
    return GroupMasterKey.of(
        group, id, key, issued, activation, NOW.plus(Duration.ofDays(6)), false);
  }

  static GroupSessionKey gsk() {
    return GroupSessionKey.of(0xf0000001, secret("404142434445464748494a4b4c4d4e4f"));
  }

  /// Signs as `who` in the period of [#T].
  static EccsiSigner signer(Identity who) throws InvalidKey {
    return signer(who, KMS);
  }

  static EccsiSigner signer(Identity who, KmsCertificate kms) throws InvalidKey {
    byte[] id = kms.identifier(who, T);
    try (EccsiUserKey key = KSAK.issue(id, new byte[] {1})) {
      return EccsiSigner.of(KSAK.publicKey(), id, key.ssk(), key.pvt());
    }
  }

  /// Opens what was encrypted to `who` in the period of [#T].
  static SakkeReceiver receiver(Identity who, KmsCertificate kms) throws InvalidKey {
    byte[] id = kms.identifier(who, T);
    try (var rsk = Z.issue(id)) {
      return SakkeReceiver.of(kms.encKey(), id, rsk);
    }
  }

  /// What announcement A says.
  static AnnouncementFields fields() {
    return fields(TALKER, GROUP, new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false), null);
  }

  static AnnouncementFields fields(
      Identity talker, Identity group, MediaPolicy policy, @Nullable BridgeOrigin origin) {
    int csbId = 0x1badcafe;
    byte[] nonce = HexFormat.of().parseHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
    return new AnnouncementFields(
        csbId,
        BoundRand.of(nonce, talker, group, 0x00c0ffee, csbId),
        talker,
        group,
        0x00c0ffee,
        KMS_URI,
        List.of(new CryptoSession(4, 0xcafebabe, true, 2, 0x1234)),
        0xf0000001,
        policy.payload(),
        origin);
  }

  /// The key data of announcement A.
  static final String KEY_DATA = "00010010404142434445464748494a4b4c4d4e4f04f0000001";

  /// A message that says whatever it is told to say, with a valid MAC, signed as `signer`.
  static byte[] seal(AnnouncementFields f, NtpTimestamp t, Identity signer) throws InvalidKey {
    return seal(AnnouncementProfile.GROUP_CALL, f, t, signer, KEY_DATA);
  }

  static byte[] seal(
      AnnouncementProfile profile,
      AnnouncementFields f,
      NtpTimestamp t,
      Identity signer,
      String keyData)
      throws InvalidKey {
    try (var gmk = gmk()) {
      var keys = new PreSharedKeys(gmk, profile.prf(), f.csbId(), f.rand());
      byte[] encrypted = keys.crypt(t, HexFormat.of().parseHex(keyData));
      var kemac =
          new Payload.Kemac(
              EncryptionAlgorithm.AES_CM_128,
              Octets.of(encrypted),
              profile.mac(),
              Octets.zeros(profile.mac().octets()));
      var sign = new Payload.Sign(SignatureType.ECCSI, Octets.zeros(EccsiSigner.SIGNATURE_OCTETS));
      return complete(profile.layout().write(f, t, kemac, sign), profile, keys, signer);
    }
  }

  /// Puts MAC and signature into a message that ends with KEMAC and SIGN.
  static byte[] complete(
      MikeyMessage message, AnnouncementProfile profile, PreSharedKeys keys, Identity signer)
      throws InvalidKey {
    byte[] octets = MikeyWriter.write(message);
    var places = AnnouncementPlaces.of(message);
    places.putMac(keys.mac(profile.mac(), places.authenticated(octets)), octets);
    try (var eccsi = signer(signer)) {
      byte[] signature = eccsi.sign(octets, 0, places.signedOctets(), RANDOM);
      return ByteBuffer.wrap(octets).put(places.signedOctets(), signature).array();
    }
  }

  static NtpTimestamp after(Duration duration) {
    return NtpTimestamp.of(NOW.plus(duration));
  }
}
