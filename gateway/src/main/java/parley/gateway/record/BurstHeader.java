package parley.gateway.record;

import java.nio.ByteBuffer;
import parley.gateway.media.Burst;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.VerifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.prf.MikeyPrf;

/// The header of a burst's recording: all that is known about it while it is on the air.
final class BurstHeader {
  private BurstHeader() {}

  static RecordingHeader of(
      Burst burst, byte[] wrappedGsk, Identity gateway, PayloadTypes payloadTypes) {
    var fields = new Fields().put("format", Blocks.FORMAT);
    putParties(fields, burst, gateway);
    putKeys(fields, burst, wrappedGsk);
    putSigner(fields, burst.announcement());
    payloadTypes.write(fields);
    try {
      return RecordingHeader.of(fields);
    } catch (NotARecording e) {
      throw new IllegalStateException("a header that was just made " + e.getMessage(), e);
    }
  }

  private static void putParties(Fields fields, Burst burst, Identity gateway) {
    fields
        .put("started", burst.startedAt().toString())
        .put("gateway", gateway.uri())
        .put("group", burst.group().uri())
        .put("talker", burst.talker().uri());
    BridgeOrigin origin = burst.origin();
    if (origin != null) {
      fields
          .put("origin-talker", origin.talker().uri())
          .put("origin-group", origin.group().uri())
          .putHex("origin-csb-id", origin.csbId());
      origin.path().forEach(hop -> fields.put("path", hop.uri()));
    }
  }

  private static void putKeys(Fields fields, Burst burst, byte[] wrappedGsk) {
    VerifiedAnnouncement announcement = burst.announcement();
    boolean hasMki = burst.policy().mkiOctets() > 0;
    byte[] mki = hasMki ? ByteBuffer.allocate(4).putInt(burst.mki()).array() : new byte[0];
    fields
        .putHex("csb-id", burst.csbId())
        .putHex("gsk-id", burst.mki())
        .putHex("gmk-id", announcement.gmkId())
        .putHex("mki", mki)
        .put("suite", burst.policy().profile().name())
        .put("rccm3", Boolean.toString(burst.policy().rccm3()))
        .put("prf", MikeyPrf.HMAC_SHA_256.name())
        .putHex("rand", announcement.rand())
        .putHex("gsk-wrapped", wrappedGsk)
        .putHex("recording-key", burst.recordingKeyId());
    for (CryptoSession session : announcement.sessions()) {
      long nextIndex = session.indexKnown() ? session.nextIndex() : -1;
      var recorded = new RecordingHeader.Session(session.csId(), session.ssrc(), nextIndex);
      fields.put("session", recorded.text());
    }
  }

  private static void putSigner(Fields fields, VerifiedAnnouncement announcement) {
    KmsCertificate kms = announcement.kms();
    KeyPeriod period = kms.periodAt(announcement.timestamp().toInstant());
    fields
        .put("announced", announcement.timestamp().toString())
        .put("identity-format", kms.userIdFormat().name())
        .put(
            "identity-period", "%d %s %s".formatted(period.number(), period.from(), period.until()))
        .putHex("identifier", kms.identifier(announcement.talker(), announcement.timestamp()))
        .put("kms-uri", kms.kmsUri())
        .putHex("kms-certificate", kms.encode());
  }
}
