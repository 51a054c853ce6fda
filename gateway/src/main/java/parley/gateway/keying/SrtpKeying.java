package parley.gateway.keying;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiFunction;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.group.VerifiedAnnouncement;
import parley.mikey.prf.MikeyKeys;
import parley.mikey.prf.MikeyPrf;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;
import parley.srtp.CipherEngine;
import parley.srtp.MasterKey;
import parley.srtp.SrtpPolicy;
import parley.srtp.SrtpProfile;
import parley.srtp.SrtpSession;

/// The one place where the two libraries meet: a GSK becomes the SRTP keys of a crypto session.
///
/// The GSK is the TGK of the CSB; TEK and salt come from it by RFC 3830, 4.1.3 with the CS ID, the
/// CSB ID and the RAND of the announcement, so every stream kind and every talker has keys of its
/// own. Any thread.
public final class SrtpKeying {
  private static final SecretAccess ACCESS = SecretAccess.token();

  /// Octets of the MKI on the wire: the GSK-ID.
  public static final int MKI_OCTETS = 4;

  private SrtpKeying() {}

  /// The transform that a signed policy stands for.
  public static SrtpPolicy policyOf(MediaPolicy policy, int mkiOctets) {
    return new SrtpPolicy(profileOf(policy.suite()), policy.rccm3(), mkiOctets);
  }

  /// The policy of a verified announcement; the gate let none of the others pass.
  public static MediaPolicy policy(VerifiedAnnouncement announcement) {
    return Objects.requireNonNull(announcement.policy(), "a policy that no group allows");
  }

  /// Octets of the MKI in the packets of a burst: 4, or 0 where its talker cannot write one.
  public static int mkiOctets(VerifiedAnnouncement announcement) {
    return announcement.gskId() == GroupSessionKey.NO_ID ? 0 : MKI_OCTETS;
  }

  /// The keys of crypto session `csId`; `mkiOctets` is 4, or 0 where the sender cannot write one.
  /// The caller closes the session.
  public static SrtpSession session(
      MediaPolicy policy,
      int mkiOctets,
      GroupSessionKey gsk,
      int csId,
      int csbId,
      byte[] rand,
      CipherEngine engine) {
    byte[] mki = ByteBuffer.allocate(MKI_OCTETS).putInt(gsk.gskId()).array();
    return session(
        policyOf(policy, mkiOctets),
        Arrays.copyOf(mki, mkiOctets),
        gsk.key(),
        MikeyPrf.HMAC_SHA_256,
        csId,
        csbId,
        rand,
        engine);
  }

  /// The same from what a recording keeps. `tgk` stays the caller's.
  public static SrtpSession session(
      SrtpPolicy policy,
      byte[] mki,
      SecretBytes tgk,
      MikeyPrf prf,
      int csId,
      int csbId,
      byte[] rand,
      CipherEngine engine) {
    SrtpProfile profile = policy.profile();
    return tgk.lend(
        ACCESS,
        octets -> {
          byte[] key = MikeyKeys.tek(prf, octets, csId, csbId, rand, profile.masterKeyOctets());
          byte[] salt = MikeyKeys.salt(prf, octets, csId, csbId, rand, profile.masterSaltOctets());
          try (MasterKey master = MasterKey.of(profile, key, salt, mki)) {
            return SrtpSession.of(policy, master, engine);
          } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(salt, (byte) 0);
          }
        });
  }

  /// Lends master key and master salt of crypto session `csId` to `reader`, for a process that does
  /// SRTP by itself. Both arrays hold zeros once it has returned.
  public static <T> T lendMaster(
      MediaSuite suite,
      GroupSessionKey gsk,
      int csId,
      int csbId,
      byte[] rand,
      BiFunction<byte[], byte[], T> reader) {
    return gsk.key()
        .lend(
            ACCESS,
            octets -> {
              MikeyPrf prf = MikeyPrf.HMAC_SHA_256;
              byte[] key = MikeyKeys.tek(prf, octets, csId, csbId, rand, suite.masterKeyOctets());
              byte[] salt =
                  MikeyKeys.salt(prf, octets, csId, csbId, rand, suite.masterSaltOctets());
              try {
                return reader.apply(key, salt);
              } finally {
                Arrays.fill(key, (byte) 0);
                Arrays.fill(salt, (byte) 0);
              }
            });
  }

  private static SrtpProfile profileOf(MediaSuite suite) {
    return switch (suite) {
      case AEAD_AES_128_GCM -> SrtpProfile.AEAD_AES_128_GCM;
      case AEAD_AES_256_GCM -> SrtpProfile.AEAD_AES_256_GCM;
      case AES_CM_128_HMAC_SHA1_80 -> SrtpProfile.AES_CM_128_HMAC_SHA1_80;
    };
  }
}
