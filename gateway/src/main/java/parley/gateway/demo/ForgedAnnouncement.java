package parley.gateway.demo;

import java.security.SecureRandom;
import java.util.List;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;

/// Announcements that no honest terminal would make.
final class ForgedAnnouncement {
  private ForgedAnnouncement() {}

  /// A session key of one's own, announced in the name of `talker` but signed by `signer`.
  static byte[] inTheNameOf(
      Identity talker,
      Identity group,
      MediaPolicy policy,
      GroupMasterKey gmk,
      NtpTimestamp t,
      EccsiSigner signer,
      SecureRandom random) {
    var stream = CryptoSession.of(CryptoSession.FIRST_CS_ID, random.nextInt() | 1, 0);
    try (GskAnnouncement announcement =
        GskAnnouncement.prepare(
            talker,
            group,
            Cast.KMS_URI,
            policy,
            List.of(stream),
            null,
            gmk,
            GroupSessionKey.generate(random),
            random)) {
      return announcement.seal(t, List.of(stream), signer, random);
    }
  }

  /// Somebody else's announcement with the thief's name in it, signed anew by the thief.
  static byte[] claimedBy(
      Identity thief, byte[] stolen, NtpTimestamp t, EccsiSigner signer, SecureRandom random)
      throws MalformedMessage {
    MikeyMessage message = MikeyReader.read(stolen);
    List<Payload> payloads =
        message.payloads().stream().map(payload -> claimed(payload, thief, t)).toList();
    byte[] octets = MikeyWriter.write(new MikeyMessage(message.header(), payloads));
    int signed = octets.length - EccsiSigner.SIGNATURE_OCTETS;
    byte[] signature = signer.sign(octets, 0, signed, random);
    System.arraycopy(signature, 0, octets, signed, signature.length);
    return octets;
  }

  private static Payload claimed(Payload payload, Identity thief, NtpTimestamp t) {
    return switch (payload) {
      case Payload.Idr id when id.role() == IdrRole.INITIATOR ->
          new Payload.Idr(id.role(), id.type(), Octets.of(thief.octets()));
      case Payload.Timestamp old -> new Payload.Timestamp(old.type(), Octets.of(t.octets()));
      default -> payload;
    };
  }
}
