package parley.mikey.group;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.DataType;
import parley.mikey.message.Header;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MacAlgorithm;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.TimestampType;
import parley.mikey.prf.MikeyPrf;

/// A member's answer to a GMK distribution, where the transport has none: "I have it".
///
/// A verification message (RFC 3830, 3.1) under the GMK: HDR and T of the I_MESSAGE, IDRr, and V,
/// the MAC over this message up to V's data, IDi, IDr and T (5.2), with the CSB ID and RAND of the
/// I_MESSAGE. What it proves is that a holder of the GMK got this very message.
public final class GmkReceipt {
  private static final String CLAUSE = "parley profile, receipt";
  private static final MacAlgorithm MAC = MacAlgorithm.HMAC_SHA_256_256;

  private final byte[] octets;
  private final int csbId;
  private final NtpTimestamp timestamp;
  private final Identity ue;
  private final Octets mac;

  private GmkReceipt(byte[] octets, MikeyMessage message) throws MalformedMessage {
    this.octets = octets;
    csbId = message.header().csbId();
    var in = new PayloadSequence(message, CLAUSE);
    in.require(message.header().equals(header(csbId)), "not the header of a verification message");
    timestamp = in.ntpUtc();
    ue = in.idrUri(IdrRole.RESPONDER);
    var verification = in.next(Payload.Verification.class);
    in.require(verification.algorithm() == MAC, "V is not HMAC-SHA-256-256");
    mac = verification.data();
    in.end();
  }

  private static Header header(int csbId) {
    return new Header(
        DataType.PRE_SHARED_KEY_VERIFICATION,
        false,
        MikeyPrf.HMAC_SHA_256,
        csbId,
        new CsIdMap.Empty(0));
  }

  /// What a receipt says of the message that it answers.
  private record About(
      int csbId, NtpTimestamp t, Octets rand, Identity initiator, Identity responder) {
    static About of(UnverifiedGmkDistribution message) {
      return new About(
          message.csbId(),
          message.timestamp(),
          Octets.of(message.rand()),
          message.initiator(),
          message.responder());
    }
  }

  /// The answer to `received`, which brought `gmk`; the caller owns the octets.
  public static byte[] seal(UnverifiedGmkDistribution received, GroupMasterKey gmk) {
    return seal(About.of(received), gmk);
  }

  /// The same for a message of TS 33.180 that `signer` sent to `ue`.
  public static byte[] seal(
      UnverifiedKeyTransport received, Identity signer, Identity ue, GroupMasterKey gmk) {
    return seal(
        new About(received.csbId(), received.timestamp(), received.rand(), signer, ue), gmk);
  }

  private static byte[] seal(About about, GroupMasterKey gmk) {
    var message =
        new MikeyMessage(
            header(about.csbId()),
            List.of(
                new Payload.Timestamp(TimestampType.NTP_UTC, Octets.of(about.t().octets())),
                GroupCallLayout.idrUri(IdrRole.RESPONDER, about.responder().uri()),
                new Payload.Verification(MAC, Octets.zeros(MAC.octets()))));
    byte[] octets = MikeyWriter.write(message);
    byte[] mac = mac(octets, about, gmk);
    System.arraycopy(mac, 0, octets, octets.length - mac.length, mac.length);
    return octets;
  }

  /// Reads an answer, whose fields say which message it is about; copies the octets.
  public static GmkReceipt read(byte[] octets) throws MalformedMessage {
    byte[] own = octets.clone();
    return new GmkReceipt(own, MikeyReader.read(own));
  }

  public int csbId() {
    return csbId;
  }

  public NtpTimestamp timestamp() {
    return timestamp;
  }

  public Identity ue() {
    return ue;
  }

  /// Whether this answers `sent`, made by a holder of the `gmk` in it.
  public boolean isValid(UnverifiedGmkDistribution sent, GroupMasterKey gmk) {
    return csbId == sent.csbId()
        && timestamp.equals(sent.timestamp())
        && ue.equals(sent.responder())
        && MessageDigest.isEqual(mac(octets, About.of(sent), gmk), mac.bytes());
  }

  private static byte[] mac(byte[] octets, About about, GroupMasterKey gmk) {
    var keys = new PreSharedKeys(gmk, MikeyPrf.HMAC_SHA_256, about.csbId(), about.rand());
    return keys.mac(
        MAC,
        Arrays.copyOf(octets, octets.length - MAC.octets()),
        about.initiator().octets(),
        about.responder().octets(),
        about.t().octets());
  }
}
