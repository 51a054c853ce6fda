package parley.mikey.sample;

import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import parley.mikey.InvalidKey;
import parley.mikey.eccsi.EccsiMasterKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiUserKey;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.sakke.SakkeMasterKey;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Who is in the samples, under which keys, and when, with identifiers of one of the two formats.
///
/// The master secrets are KSAK of RFC 6507, appendix A, and z of RFC 6508, appendix A.
final class SampleWorld {
  static final Identity GROUP = new Identity("sip:fire@example.org");
  static final Identity ORIGIN_GROUP = new Identity("sip:water@example.org");
  static final Identity ALICE = new Identity("sip:alice@example.org");
  static final Identity BOB = new Identity("tel:+12025550123");
  static final Identity GATEWAY = new Identity("sip:gateway@example.org");
  static final Identity SERVER = new Identity("sip:server@example.org");
  static final List<Identity> ALL = List.of(GROUP, ORIGIN_GROUP, ALICE, BOB, GATEWAY, SERVER);

  static final Instant ACTIVATION = Instant.parse("2026-03-01T00:00:00Z");
  static final Instant EXPIRY = Instant.parse("2026-03-08T00:00:00Z");

  /// When the GMK was distributed; everything else follows by seconds.
  static final Instant START = Instant.parse("2026-03-01T08:00:00.250Z");

  static final int GMK_ID = 0x0123_4567;
  static final int GSK_ID = 0xf123_4567;
  static final int PCK_ID = 0x1123_4567;
  static final int CSK_ID = 0x2123_4567;

  static final String KSAK = "%064x".formatted(0x12345);
  static final String Z = "0".repeat(216) + "aff429d35f84b110d094803b3595a6e2998bc99f";
  static final String GMK = "000102030405060708090a0b0c0d0e0f";
  static final String GSK = "101112131415161718191a1b1c1d1e1f";
  static final String PCK = "202122232425262728292a2b2c2d2e2f";
  static final String CSK = "303132333435363738393a3b3c3d3e3f";

  private static final SecretAccess ACCESS = SecretAccess.token();
  private static final EccsiMasterKey ECCSI = EccsiMasterKey.of(secret(KSAK));
  private static final SakkeMasterKey SAKKE = SakkeMasterKey.of(secret(Z));
  private static final byte[] DEVICE = {1};
  private static final long PERIOD_SECONDS = 2_592_000;

  private final UserIdFormat format;
  private final KmsCertificate kms;

  SampleWorld(UserIdFormat format) {
    this.format = format;
    this.kms =
        switch (format) {
          case RFC_6509 -> certificate("kms.example.org", 0);
          case TS_33180 -> certificate("kms-ts33180.example.org", PERIOD_SECONDS);
        };
  }

  private KmsCertificate certificate(String uri, long periodSeconds) {
    return KmsCertificate.of(uri, format, periodSeconds, 0, ECCSI.publicKey(), SAKKE.publicKey());
  }

  /// How names of files and samples end.
  String suffix() {
    return switch (format) {
      case RFC_6509 -> "rfc6509";
      case TS_33180 -> "ts33180";
    };
  }

  KmsCertificate kms() {
    return kms;
  }

  static NtpTimestamp t(int secondsAfterStart) {
    return NtpTimestamp.of(START.plusSeconds(secondsAfterStart));
  }

  GroupMasterKey gmk() {
    return GroupMasterKey.of(GROUP, GMK_ID, secret(GMK), t(0), ACTIVATION, EXPIRY, false);
  }

  static GroupSessionKey gsk() {
    return GroupSessionKey.of(GSK_ID, secret(GSK));
  }

  static SecretBytes secret(String hex) {
    return SecretBytes.take(HexFormat.of().parseHex(hex), "published sample key");
  }

  /// Signs as `who` in the period of the samples; the caller closes it.
  EccsiSigner signer(Identity who) {
    byte[] id = kms.identifier(who, t(0));
    try (EccsiUserKey key = ECCSI.issue(id, DEVICE)) {
      return EccsiSigner.of(ECCSI.publicKey(), id, key.ssk(), key.pvt());
    } catch (InvalidKey e) {
      throw new IllegalStateException("a key that was just issued", e);
    }
  }

  /// Opens what is encrypted to `who` in the period of the samples; the caller closes it.
  SakkeReceiver receiver(Identity who) {
    byte[] id = kms.identifier(who, t(0));
    try (SecretBytes rsk = SAKKE.issue(id)) {
      return SakkeReceiver.of(kms.encKey(), id, rsk);
    } catch (InvalidKey e) {
      throw new IllegalStateException("a key that was just issued", e);
    }
  }

  /// The KMS with its master secrets.
  Map<String, Object> kmsFacts() {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("uri", kms.kmsUri());
    facts.put("userIdFormat", format.code());
    facts.put("periodSeconds", format == UserIdFormat.TS_33180 ? PERIOD_SECONDS : 0L);
    facts.put("offsetSeconds", 0);
    facts.put("ksak", KSAK);
    facts.put("kpak", HexFormat.of().formatHex(kms.authKey().octets()));
    facts.put("z", Z);
    facts.put("Z", HexFormat.of().formatHex(kms.encKey().octets()));
    facts.put("certificate", "kms-" + suffix() + ".cert");
    return facts;
  }

  /// Everything that the KMS issues to `who`.
  Map<String, Object> userFacts(Identity who) {
    byte[] id = kms.identifier(who, t(0));
    var facts = new LinkedHashMap<String, Object>();
    facts.put("kms", kms.kmsUri());
    facts.put("uri", who.uri());
    facts.put("identifier", HexFormat.of().formatHex(id));
    try (EccsiUserKey key = ECCSI.issue(id, DEVICE);
        SecretBytes rsk = SAKKE.issue(id)) {
      facts.put("rsk", rsk.lend(ACCESS, HexFormat.of()::formatHex));
      facts.put("ssk", key.ssk().lend(ACCESS, HexFormat.of()::formatHex));
      facts.put("pvt", HexFormat.of().formatHex(key.pvt()));
    }
    return facts;
  }
}
