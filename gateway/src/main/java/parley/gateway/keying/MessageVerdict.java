package parley.gateway.keying;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.AnnouncementProfile;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.TransportedKey;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.group.UnverifiedKeyTransport;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.message.MalformedMessage;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// One thing that was verified in a message, and what came of it.
///
/// A verdict says who made a message and for whom. Whether a receiver would take it, which asks for
/// the time, earlier messages and permissions as well, it does not say.
public record MessageVerdict(boolean isGood, String sentence) {
  private static final SecretAccess ACCESS = SecretAccess.token();

  private static MessageVerdict good(String sentence) {
    return new MessageVerdict(true, sentence);
  }

  private static MessageVerdict bad(String sentence) {
    return new MessageVerdict(false, sentence);
  }

  /// Whether the initiator that the message names signed it with keys of this KMS.
  public static List<MessageVerdict> signature(byte[] octets, KmsCertificate kms) {
    Optional<UnverifiedGmkDistribution> distribution = distribution(octets);
    if (distribution.isPresent()) {
      UnverifiedGmkDistribution message = distribution.get();
      return List.of(signature(message.initiator().uri(), kms, isSigned(message, kms)));
    }
    Optional<UnverifiedAnnouncement> announcement = announcement(octets);
    if (announcement.isPresent()) {
      UnverifiedAnnouncement message = announcement.get();
      return List.of(signature(message.talker().uri(), kms, isSigned(message, kms)));
    }
    return transport(octets)
        .map(message -> List.of(signature(message.initiator(), kms, isSigned(message, kms))))
        .orElseGet(MessageVerdict::otherKind);
  }

  private static boolean isSigned(UnverifiedAnnouncement message, KmsCertificate kms) {
    return message.isSigned(kms, new EccsiVerifier(1));
  }

  private static boolean isSigned(UnverifiedKeyTransport message, KmsCertificate kms) {
    return message.isSignedAsClaimed(kms, new EccsiVerifier(1));
  }

  private static boolean isSigned(UnverifiedGmkDistribution message, KmsCertificate kms) {
    return message.isSigned(message.initiator(), kms, new EccsiVerifier(1));
  }

  private static MessageVerdict signature(String signer, KmsCertificate kms, boolean isValid) {
    return isValid
        ? good("signature: valid, of %s with keys of KMS %s".formatted(signer, kms.kmsUri()))
        : bad("signature: NOT VALID for %s and KMS %s".formatted(signer, kms.kmsUri()));
  }

  private static List<MessageVerdict> otherKind() {
    return List.of(
        bad("not verified: neither an I_MESSAGE nor a GSK announcement of a profile known here"));
  }

  /// The signature, and what the keys of a member open; these stand in the sentences only if
  /// `showSecrets`.
  public static List<MessageVerdict> ofMember(byte[] octets, Member member, boolean showSecrets)
      throws KeysMissing {
    Optional<UnverifiedGmkDistribution> distribution = distribution(octets);
    if (distribution.isPresent()) {
      return ofMember(distribution.get(), member, showSecrets);
    }
    Optional<UnverifiedAnnouncement> announcement = announcement(octets);
    if (announcement.isPresent()) {
      return ofMember(announcement.get(), member, showSecrets);
    }
    Optional<UnverifiedKeyTransport> transport = transport(octets);
    return transport.isPresent() ? ofMember(transport.get(), member, showSecrets) : otherKind();
  }

  private static List<MessageVerdict> ofMember(
      UnverifiedKeyTransport message, Member member, boolean showSecrets) throws KeysMissing {
    List<MessageVerdict> verdicts = new ArrayList<>();
    KmsCertificate kms = member.kms().find(message.initiatorKmsUri());
    verdicts.add(
        kms == null
            ? unknownKms(message.initiatorKmsUri())
            : signature(message.initiator(), kms, isSigned(message, kms)));
    try (TransportedKey key = member.decrypt(message).orElse(null)) {
      verdicts.add(
          key == null
              ? bad("key: NOT for %s, or altered".formatted(member.identity()))
              : key(
                  key.purpose() + " " + hex(key.id()),
                  key.activation(),
                  key.expiry(),
                  shown(key.key(), showSecrets)));
    } catch (MalformedMessage e) {
      verdicts.add(bad("key: NOT good: " + e.getMessage()));
    }
    return verdicts;
  }

  private static MessageVerdict unknownKms(String uri) {
    return bad("signature: not verified, the vault does not know KMS " + uri);
  }

  private static List<MessageVerdict> ofMember(
      UnverifiedGmkDistribution message, Member member, boolean showSecrets) throws KeysMissing {
    List<MessageVerdict> verdicts = new ArrayList<>();
    KmsCertificate kms = member.kms().find(message.initiatorKmsUri());
    verdicts.add(
        kms == null
            ? unknownKms(message.initiatorKmsUri())
            : signature(message.initiator().uri(), kms, isSigned(message, kms)));
    try (GroupMasterKey gmk = member.decrypt(message).orElse(null)) {
      verdicts.add(
          gmk == null
              ? bad("key: NOT for %s, or altered".formatted(member.identity()))
              : key(
                  "GMK %s of %s".formatted(hex(gmk.gmkId()), gmk.group()),
                  gmk.activation(),
                  gmk.expiry(),
                  shown(gmk.key(), showSecrets)));
    } catch (MalformedMessage e) {
      verdicts.add(bad("key: NOT good: " + e.getMessage()));
    }
    return verdicts;
  }

  private static MessageVerdict key(String name, Instant from, Instant until, String shown) {
    return good("key: %s, from %s until %s%s".formatted(name, from, until, shown));
  }

  private static List<MessageVerdict> ofMember(
      UnverifiedAnnouncement message, Member member, boolean showSecrets) {
    List<MessageVerdict> verdicts = new ArrayList<>();
    KmsCertificate kms = member.kms().find(message.kmsUri());
    verdicts.add(
        kms == null
            ? unknownKms(message.kmsUri())
            : signature(message.talker().uri(), kms, isSigned(message, kms)));
    verdicts.add(
        message.isRandBound()
            ? good("RAND: bound to the talker")
            : bad("RAND: NOT bound to the talker"));
    Optional<GroupMasterKey> gmk = member.gmkBook().find(message.group(), message.gmkId());
    if (gmk.isEmpty()) {
      verdicts.add(
          bad(
              "MAC: not verified, %s has no GMK %s of %s"
                  .formatted(member.identity(), hex(message.gmkId()), message.group())));
    } else if (message.isMacValid(gmk.get())) {
      verdicts.add(good("MAC: valid"));
      verdicts.add(sessionKey(message, gmk.get(), showSecrets));
    } else {
      verdicts.add(bad("MAC: NOT VALID"));
    }
    return verdicts;
  }

  private static MessageVerdict sessionKey(
      UnverifiedAnnouncement message, GroupMasterKey gmk, boolean showSecrets) {
    try (GroupSessionKey gsk = message.unwrap(gmk)) {
      return good("key: GSK %s%s".formatted(hex(gsk.gskId()), shown(gsk.key(), showSecrets)));
    } catch (MalformedMessage e) {
      return bad("key: NOT good: " + e.getMessage());
    }
  }

  private static String hex(int id) {
    return HexFormat.of().toHexDigits(id);
  }

  private static String shown(SecretBytes key, boolean showSecrets) {
    return showSecrets ? ", " + key.lend(ACCESS, HexFormat.of()::formatHex) : "";
  }

  private static Optional<UnverifiedGmkDistribution> distribution(byte[] octets) {
    try {
      return Optional.of(UnverifiedGmkDistribution.read(octets));
    } catch (MalformedMessage _) {
      return Optional.empty();
    }
  }

  private static Optional<UnverifiedAnnouncement> announcement(byte[] octets) {
    for (AnnouncementProfile profile : AnnouncementProfile.values()) {
      try {
        return Optional.of(UnverifiedAnnouncement.read(octets, profile));
      } catch (MalformedMessage _) {
        // of another profile, or of none
      }
    }
    return Optional.empty();
  }

  private static Optional<UnverifiedKeyTransport> transport(byte[] octets) {
    try {
      return Optional.of(UnverifiedKeyTransport.read(octets));
    } catch (MalformedMessage _) {
      return Optional.empty();
    }
  }
}
