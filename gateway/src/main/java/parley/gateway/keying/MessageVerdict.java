package parley.gateway.keying;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.AnnouncementProfile;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.KmsDirectory;
import parley.mikey.group.TransportedKey;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.group.UnverifiedJoin;
import parley.mikey.group.UnverifiedKeyTransport;
import parley.mikey.group.UnverifiedRegistration;
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
    return signed(octets)
        .map(signed -> List.of(signed.by(kms)))
        .orElseGet(MessageVerdict::otherKind);
  }

  /// Who claims to have signed a message, of which KMS, and how that is tested.
  private record Signed(String signer, String kmsUri, Predicate<KmsCertificate> isSigned) {
    MessageVerdict by(KmsCertificate kms) {
      return isSigned.test(kms)
          ? good("signature: valid, of %s with keys of KMS %s".formatted(signer, kms.kmsUri()))
          : bad("signature: NOT VALID for %s and KMS %s".formatted(signer, kms.kmsUri()));
    }

    MessageVerdict bySome(KmsDirectory known) {
      KmsCertificate kms = known.find(kmsUri);
      return kms == null
          ? bad("signature: not verified, the vault does not know KMS " + kmsUri)
          : by(kms);
    }

    static Signed of(UnverifiedGmkDistribution message) {
      return new Signed(
          message.initiator().uri(),
          message.initiatorKmsUri(),
          kms -> message.isSigned(message.initiator(), kms, new EccsiVerifier(1)));
    }

    static Signed of(UnverifiedAnnouncement message) {
      return new Signed(
          message.talker().uri(),
          message.kmsUri(),
          kms -> message.isSigned(kms, new EccsiVerifier(1)));
    }

    static Signed of(UnverifiedKeyTransport message) {
      return new Signed(
          message.initiator(),
          message.initiatorKmsUri(),
          kms -> message.isSignedAsClaimed(kms, new EccsiVerifier(1)));
    }

    static Signed of(UnverifiedJoin message) {
      return new Signed(
          message.ue().uri(), message.kmsUri(), kms -> message.isSigned(kms, new EccsiVerifier(1)));
    }

    static Signed of(UnverifiedRegistration message) {
      return new Signed(
          message.ue().uri(), message.kmsUri(), kms -> message.isSigned(kms, new EccsiVerifier(1)));
    }
  }

  /// Empty for a message of another kind, or one that nobody signs.
  private static Optional<Signed> signed(byte[] octets) {
    return read(octets, UnverifiedGmkDistribution::read)
        .map(Signed::of)
        .or(() -> announcement(octets).map(Signed::of))
        .or(() -> read(octets, UnverifiedJoin::read).map(Signed::of))
        .or(() -> read(octets, UnverifiedRegistration::read).map(Signed::of))
        .or(() -> read(octets, UnverifiedKeyTransport::read).map(Signed::of));
  }

  private static List<MessageVerdict> otherKind() {
    return List.of(bad("not verified: of no kind known here, or one that nobody signs"));
  }

  /// The signature, and what the keys of a member open; these stand in the sentences only if
  /// `showSecrets`.
  public static List<MessageVerdict> ofMember(byte[] octets, Member member, boolean showSecrets)
      throws KeysMissing {
    Optional<UnverifiedGmkDistribution> distribution =
        read(octets, UnverifiedGmkDistribution::read);
    if (distribution.isPresent()) {
      return ofMember(distribution.get(), member, showSecrets);
    }
    Optional<UnverifiedAnnouncement> announcement = announcement(octets);
    if (announcement.isPresent()) {
      return ofMember(announcement.get(), member, showSecrets);
    }
    Optional<UnverifiedKeyTransport> transport = read(octets, UnverifiedKeyTransport::read);
    if (transport.isPresent()) {
      return ofMember(transport.get(), member, showSecrets);
    }
    return signed(octets)
        .map(signed -> List.of(signed.bySome(member.kms())))
        .orElseGet(MessageVerdict::otherKind);
  }

  private static List<MessageVerdict> ofMember(
      UnverifiedKeyTransport message, Member member, boolean showSecrets) throws KeysMissing {
    List<MessageVerdict> verdicts = new ArrayList<>();
    verdicts.add(Signed.of(message).bySome(member.kms()));
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

  private static List<MessageVerdict> ofMember(
      UnverifiedGmkDistribution message, Member member, boolean showSecrets) throws KeysMissing {
    List<MessageVerdict> verdicts = new ArrayList<>();
    verdicts.add(Signed.of(message).bySome(member.kms()));
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
    verdicts.add(Signed.of(message).bySome(member.kms()));
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

  /// Reads a message of one kind.
  private interface Reader<T> {
    T read(byte[] octets) throws MalformedMessage;
  }

  private static <T> Optional<T> read(byte[] octets, Reader<T> reader) {
    try {
      return Optional.of(reader.read(octets));
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
}
