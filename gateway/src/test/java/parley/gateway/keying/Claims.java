package parley.gateway.keying;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// Announcements that a dishonest member could make.
final class Claims {
  private Claims() {}

  /// A second announcement under the CSB ID of `victim`, correctly made and signed by `rogue`.
  static byte[] sameCsb(Lab lab, LabTalker victim, LabMember rogue, GroupMasterKey gmk)
      throws Exception {
    GskAnnouncement claim =
        GskAnnouncement.prepare(
            rogue.identity(),
            gmk.group(),
            Lab.KMS_URI,
            LabTalker.GCM,
            List.of(CryptoSession.of(LabTalker.CS_ID, victim.ssrc(), 7)),
            null,
            gmk,
            GroupSessionKey.generate(lab.random()),
            new FirstDraw(victim.csbId()));
    NtpTimestamp t = NtpTimestamp.of(lab.clock().instant());
    return claim.seal(t, claim.sessions(), rogue.member().signer(t), lab.random());
  }

  /// `rogue` opened the GSK of `victim` with the GMK that both hold, and announces it as its own,
  /// for the victim's stream, with a RAND that is honestly bound to itself.
  static byte[] sameGsk(Lab lab, LabTalker victim, LabMember rogue, GroupMasterKey gmk)
      throws Exception {
    GroupSessionKey gsk = victim.announcement().gsk();
    GskAnnouncement claim =
        GskAnnouncement.prepare(
            rogue.identity(),
            gmk.group(),
            Lab.KMS_URI,
            LabTalker.GCM,
            List.of(CryptoSession.of(LabTalker.CS_ID, victim.ssrc(), 7)),
            null,
            gmk,
            GroupSessionKey.of(gsk.gskId(), gsk.key().duplicate()),
            lab.random());
    NtpTimestamp t = NtpTimestamp.of(lab.clock().instant());
    return claim.seal(t, claim.sessions(), rogue.member().signer(t), lab.random());
  }

  /// An announcement by `gateway` for a talker of another group.
  static byte[] carried(
      Lab lab, LabMember gateway, Identity group, GroupMasterKey gmk, BridgeOrigin origin)
      throws Exception {
    GskAnnouncement claim =
        GskAnnouncement.prepare(
            gateway.identity(),
            group,
            Lab.KMS_URI,
            LabTalker.GCM,
            List.of(CryptoSession.of(LabTalker.CS_ID, 4711, 7)),
            origin,
            gmk,
            GroupSessionKey.generate(lab.random()),
            lab.random());
    NtpTimestamp t = NtpTimestamp.of(lab.clock().instant());
    return claim.seal(t, claim.sessions(), gateway.member().signer(t), lab.random());
  }

  /// Random but for its first integer.
  private static final class FirstDraw extends SecureRandom {
    private final transient byte[] first;
    private boolean drawn;

    FirstDraw(int first) {
      this.first = ByteBuffer.allocate(4).putInt(first).array();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (!drawn && bytes.length == first.length) {
        drawn = true;
        System.arraycopy(first, 0, bytes, 0, first.length);
      } else {
        super.nextBytes(bytes);
      }
    }
  }
}
