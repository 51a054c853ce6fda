package parley.gateway.system;

import java.time.Instant;
import java.util.List;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;

/// What dishonest members and strangers send.
public final class Lies {
  private static final int CIPHERTEXT = 12;

  private Lies() {}

  /// A session key of its own, announced by `liar` in the name of `talker`.
  public static byte[] inTheNameOf(Identity talker, LabMember liar, GroupMasterKey gmk)
      throws Exception {
    Lab lab = liar.lab();
    NtpTimestamp t = NtpTimestamp.of(lab.clock().instant());
    try (GskAnnouncement lie =
        GskAnnouncement.prepare(
            talker,
            gmk.group(),
            Lab.KMS_URI,
            LabTalker.GCM,
            List.of(CryptoSession.of(LabTalker.CS_ID, lab.random().nextInt() | 1, 7)),
            null,
            gmk,
            GroupSessionKey.generate(lab.random()),
            lab.random())) {
      return lie.seal(t, lie.sessions(), liar.member().signer(t), lab.random());
    }
  }

  /// The GMK that a stranger would guess: its id is on the air, its key is not.
  public static GroupMasterKey guess(Lab lab, GroupMasterKey real) {
    return GroupMasterKey.of(
        real.group(),
        real.gmkId(),
        SecretBytes.random(GroupMasterKey.KEY_OCTETS, lab.random(), "a guess"),
        real.issued(),
        real.activation(),
        Instant.MAX,
        false);
  }

  /// A packet with one bit of its ciphertext turned.
  public static byte[] forged(byte[] packet) {
    byte[] forged = packet.clone();
    forged[CIPHERTEXT] ^= 0x10;
    return forged;
  }

  /// A message whose signature somebody has touched.
  public static byte[] touched(byte[] message) {
    byte[] touched = message.clone();
    touched[touched.length - 1] ^= 0x01;
    return touched;
  }
}
