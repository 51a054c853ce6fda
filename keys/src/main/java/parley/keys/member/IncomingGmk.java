package parley.keys.member;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.KmsDirectory;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.group.UnverifiedKeyTransport;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.message.KeyPurpose;
import parley.mikey.message.MalformedMessage;
import parley.mikey.sakke.SakkeReceiver;

/// A GMK message that came, in the one form of our profile, or, from a KMS whose UserIdFormat is
/// that of TS 33.180, in the freedom that this standard leaves. Nothing in it is true yet; what
/// names somebody is compared with what the member knows.
sealed interface IncomingGmk {
  /// Reads either form; that of TS 33.180 only for a member of such a KMS.
  static IncomingGmk read(byte[] octets, Identity who, KmsCertificate home, KmsDirectory known)
      throws MalformedMessage {
    try {
      return new OfProfile(UnverifiedGmkDistribution.read(octets));
    } catch (MalformedMessage e) {
      Standard other =
          home.userIdFormat() == UserIdFormat.TS_33180 ? standard(octets, who, home, known) : null;
      if (other == null) {
        throw e;
      }
      return other;
    }
  }

  private static @Nullable Standard standard(
      byte[] octets, Identity who, KmsCertificate home, KmsDirectory known) {
    try {
      var message = UnverifiedKeyTransport.read(octets);
      return message.purpose() == KeyPurpose.GMK ? new Standard(message, who, home, known) : null;
    } catch (MalformedMessage _) {
      return null;
    }
  }

  NtpTimestamp timestamp();

  boolean isFor(Identity who);

  /// Whether it claims to be of the signer of this group.
  boolean names(GroupMembership group);

  String initiatorKmsUri();

  String responderKmsUri();

  /// Whether the group's signer signed it with keys of `kms`.
  boolean isSigned(GroupMembership group, KmsCertificate kms, EccsiVerifier verifier);

  /// The GMK, which the caller closes; empty where it does not open for `who`.
  Optional<GroupMasterKey> open(GroupMembership group, Identity who, SakkeReceiver receiver)
      throws MalformedMessage;

  byte[] receipt(GroupMembership group, GroupMasterKey gmk);

  /// The form of our profile, which alone invites to ad-hoc groups.
  Optional<UnverifiedGmkDistribution> invitation();

  /// By URIs, in one order.
  record OfProfile(UnverifiedGmkDistribution message) implements IncomingGmk {
    @Override
    public NtpTimestamp timestamp() {
      return message.timestamp();
    }

    @Override
    public boolean isFor(Identity who) {
      return message.responder().equals(who);
    }

    @Override
    public boolean names(GroupMembership group) {
      return message.initiator().equals(group.signer());
    }

    @Override
    public String initiatorKmsUri() {
      return message.initiatorKmsUri();
    }

    @Override
    public String responderKmsUri() {
      return message.responderKmsUri();
    }

    @Override
    public boolean isSigned(GroupMembership group, KmsCertificate kms, EccsiVerifier verifier) {
      return message.isSigned(group.signer(), kms, verifier);
    }

    @Override
    public Optional<GroupMasterKey> open(
        GroupMembership group, Identity who, SakkeReceiver receiver) throws MalformedMessage {
      return message.open(group.group(), who, receiver);
    }

    @Override
    public byte[] receipt(GroupMembership group, GroupMasterKey gmk) {
      return GmkReceipt.seal(message, gmk);
    }

    @Override
    public Optional<UnverifiedGmkDistribution> invitation() {
      return Optional.of(message);
    }
  }

  /// By URIs, by UIDs, or by both. A UID is compared with the one that this member computes of its
  /// own list.
  record Standard(
      UnverifiedKeyTransport message, Identity who, KmsCertificate home, KmsDirectory known)
      implements IncomingGmk {
    @Override
    public NtpTimestamp timestamp() {
      return message.timestamp();
    }

    @Override
    public boolean isFor(Identity other) {
      return message.isFor(other, home);
    }

    @Override
    public boolean names(GroupMembership group) {
      KmsCertificate kms = known.find(group.kmsUri());
      return kms != null && message.isClaimedBy(group.signer(), kms);
    }

    @Override
    public String initiatorKmsUri() {
      return message.initiatorKmsUri();
    }

    @Override
    public String responderKmsUri() {
      return message.responderKmsUri();
    }

    @Override
    public boolean isSigned(GroupMembership group, KmsCertificate kms, EccsiVerifier verifier) {
      return message.isSigned(group.signer(), kms, verifier);
    }

    @Override
    public Optional<GroupMasterKey> open(
        GroupMembership group, Identity other, SakkeReceiver receiver) throws MalformedMessage {
      return message.openGmk(group.group(), group.signer(), other, home, receiver);
    }

    @Override
    public byte[] receipt(GroupMembership group, GroupMasterKey gmk) {
      return GmkReceipt.seal(message, group.signer(), who, gmk);
    }

    @Override
    public Optional<UnverifiedGmkDistribution> invitation() {
      return Optional.empty();
    }
  }
}
