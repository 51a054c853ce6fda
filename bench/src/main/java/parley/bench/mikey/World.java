package parley.bench.mikey;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import parley.mikey.InvalidKey;
import parley.mikey.eccsi.EccsiMasterKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiUserKey;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GmkOffer;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.sakke.SakkeMasterKey;
import parley.mikey.secret.SecretBytes;

/// A KMS, a group with its GMK, and one talker: what the MIKEY benchmarks work on.
final class World {
  static final Identity TALKER = new Identity("sip:alice@example.org");
  static final Identity GROUP = new Identity("sip:fire-ops@example.org");
  static final String KMS_URI = "kms.example.org";
  static final MediaPolicy POLICY = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);
  static final List<CryptoSession> STREAMS = List.of(new CryptoSession(4, 0xcafe_babe, true, 0, 1));
  private static final int GMK_ID = 0x00c0_ffee;

  final SecureRandom random = new SecureRandom();
  final Instant now = Instant.now();
  final NtpTimestamp t = NtpTimestamp.of(now);
  final EccsiMasterKey eccsi = EccsiMasterKey.generate(random);
  final SakkeMasterKey sakke = SakkeMasterKey.generate(random);
  final KmsCertificate kms =
      KmsCertificate.of(KMS_URI, UserIdFormat.RFC_6509, 0, 0, eccsi.publicKey(), sakke.publicKey());
  final byte[] talkerId = kms.identifier(TALKER, t);

  EccsiSigner signer() {
    return signer(talkerId);
  }

  private EccsiSigner signer(byte[] id) {
    try (EccsiUserKey key = eccsi.issue(id, new byte[] {1})) {
      return EccsiSigner.of(eccsi.publicKey(), id, key.ssk(), key.pvt());
    } catch (InvalidKey e) {
      throw new IllegalStateException("the KMS issued a key that it refuses", e);
    }
  }

  /// Of the group, which manages itself.
  EccsiSigner groupSigner() {
    return signer(kms.identifier(GROUP, t));
  }

  List<GmkOffer> offers(List<Identity> ues, GroupMasterKey gmk) {
    return ues.stream().map(ue -> GmkOffer.of(ue, gmk)).toList();
  }

  GroupMasterKey gmk() {
    return GroupMasterKey.of(
        GROUP,
        GMK_ID,
        SecretBytes.random(GroupMasterKey.KEY_OCTETS, random, "GMK"),
        t,
        now.minusSeconds(60),
        Instant.MAX,
        false);
  }

  byte[] announcement(GroupMasterKey gmk) {
    try (EccsiSigner signer = signer();
        GskAnnouncement burst = burst(gmk)) {
      return burst.seal(t, STREAMS, signer, random);
    }
  }

  /// Of the talker, with a key of its own.
  GskAnnouncement burst(GroupMasterKey gmk) {
    return GskAnnouncement.prepare(
        TALKER,
        GROUP,
        KMS_URI,
        POLICY,
        STREAMS,
        null,
        gmk,
        GroupSessionKey.generate(random),
        random);
  }
}
