package parley.mikey.group;

import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;

/// An announcement whose MAC and signature hold, with its session key. Only [AnnouncementVerifier]
/// makes one.
///
/// Whether the talker may talk in the group is not decided here. Owns the GSK until closed; GMK and
/// KMS certificate are shared.
public final class VerifiedAnnouncement implements AutoCloseable {
  private final UnverifiedAnnouncement message;
  private final GroupMasterKey gmk;
  private final KmsCertificate kms;
  private final GroupSessionKey gsk;

  VerifiedAnnouncement(
      UnverifiedAnnouncement message, GroupMasterKey gmk, KmsCertificate kms, GroupSessionKey gsk) {
    this.message = message;
    this.gmk = gmk;
    this.kms = kms;
    this.gsk = gsk;
  }

  /// Who signed: the talker, or the gateway that re-keys for [#origin].
  public Identity talker() {
    return message.talker();
  }

  public Identity group() {
    return message.group();
  }

  public int csbId() {
    return message.csbId();
  }

  public NtpTimestamp timestamp() {
    return message.timestamp();
  }

  /// A copy.
  public byte[] rand() {
    return message.rand();
  }

  public List<CryptoSession> sessions() {
    return message.sessions();
  }

  /// Null if SP states none of ours, which an [AnnouncementGate] refuses.
  public @Nullable MediaPolicy policy() {
    return message.policy();
  }

  /// Null unless a gateway announces.
  public @Nullable BridgeOrigin origin() {
    return message.origin();
  }

  public AnnouncementProfile profile() {
    return message.profile();
  }

  /// Still owned by this object.
  public GroupSessionKey gsk() {
    return gsk;
  }

  /// The MKI of the packets, [GroupSessionKey#NO_ID] for none.
  public int gskId() {
    return gsk.gskId();
  }

  /// Owned by the book it came from.
  public GroupMasterKey gmk() {
    return gmk;
  }

  public int gmkId() {
    return gmk.gmkId();
  }

  /// The KMS that certified the talker.
  public KmsCertificate kms() {
    return kms;
  }

  public String kmsUri() {
    return message.kmsUri();
  }

  /// The message as received; a copy.
  public byte[] octets() {
    return message.octets();
  }

  /// SHA-256 of the signed octets.
  public byte[] replayKey() {
    return message.replayKey();
  }

  @Override
  public void close() {
    gsk.close();
  }

  @Override
  public String toString() {
    return message.toString().replaceFirst("Unverified", "Verified");
  }
}
