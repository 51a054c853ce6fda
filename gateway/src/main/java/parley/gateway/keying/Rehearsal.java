package parley.gateway.keying;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;
import parley.mikey.secret.SecretBytes;
import parley.srtp.CipherEngine;

/// Verifies a few announcements of one's own making before the first real one comes.
///
/// In a process that has just started, the first signature takes longer than the 200 ms for which
/// early media is held, and the first words would be lost. Nothing of it leaves the process.
public final class Rehearsal {
  private static final int ROUNDS = 8;

  private final Member member;
  private final CipherEngine engine;
  private final InstantSource clock;
  private final SecureRandom random;

  public Rehearsal(Member member, CipherEngine engine, InstantSource clock, SecureRandom random) {
    this.member = member;
    this.engine = engine;
    this.clock = clock;
    this.random = random;
  }

  /// Takes some hundred milliseconds. False without signing keys: there is nothing to rehearse with
  /// then. A GMK is made up, so that the group may have none yet.
  public boolean play(Identity group, MediaPolicy policy) {
    try (GroupMasterKey gmk = madeUp(group)) {
      for (int round = 0; round < ROUNDS; round++) {
        verify(announcement(gmk, policy), gmk, policy);
      }
      return true;
    } catch (KeysMissing _) {
      return false; // listening goes on without keys to sign with
    } catch (MalformedMessage e) {
      throw new IllegalStateException("an announcement of our own cannot be read", e);
    }
  }

  private GroupMasterKey madeUp(Identity group) {
    Instant now = clock.instant();
    SecretBytes key = SecretBytes.random(GroupMasterKey.KEY_OCTETS, random, "GMK of a rehearsal");
    return GroupMasterKey.of(group, 0, key, NtpTimestamp.of(now), now, Instant.MAX, false);
  }

  private byte[] announcement(GroupMasterKey gmk, MediaPolicy policy) throws KeysMissing {
    NtpTimestamp t = NtpTimestamp.of(clock.instant());
    var stream = CryptoSession.of(CryptoSession.FIRST_CS_ID, 1, 0);
    try (GskAnnouncement announcement =
        GskAnnouncement.prepare(
            member.identity(),
            gmk.group(),
            member.homeKms().kmsUri(),
            policy,
            List.of(stream),
            null,
            gmk,
            GroupSessionKey.generate(random),
            random)) {
      return announcement.seal(t, List.of(stream), member.signer(t), random);
    }
  }

  private void verify(byte[] octets, GroupMasterKey gmk, MediaPolicy policy)
      throws MalformedMessage {
    var message = UnverifiedAnnouncement.read(octets);
    boolean good =
        message.isRandBound()
            && message.isMacValid(gmk)
            && message.isSigned(member.homeKms(), new EccsiVerifier(1));
    if (!good) {
      throw new IllegalStateException("an announcement of our own does not verify");
    }
    try (GroupSessionKey gsk = message.unwrap(gmk)) {
      SrtpKeying.session(
              policy,
              SrtpKeying.MKI_OCTETS,
              gsk,
              CryptoSession.FIRST_CS_ID,
              message.csbId(),
              message.rand(),
              engine)
          .close();
    }
  }
}
