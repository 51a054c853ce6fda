package parley.keys.manager;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.manager.RegistrationOutcome.Followed;
import parley.keys.manager.RegistrationOutcome.Refused;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.VaultEdit;
import parley.keys.vault.VaultException;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.RegistrationAnswer;
import parley.mikey.group.RegistrationVerb;
import parley.mikey.group.UnverifiedRegistration;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;

/// Takes registrations (wire profile, section 10) and knows where each UE is reached.
///
/// The order of checks keeps strangers cheap: grammar, group, membership, T, and only then the
/// signature. T must rise with each message of a member, also over a restart, so that nobody sends
/// a member's keys back to an address that it has left. Guarded by its [GroupManager].
final class RegistrationDesk {
  /// How long an address is kept that is not registered again.
  static final Duration KEPT = Duration.ofHours(1);

  /// How far T may be from our clock.
  static final Duration WINDOW = Duration.ofSeconds(60);

  private static final int KNOWN_SIGNERS = 4096;

  private final GroupStore store;
  private final Member signer;
  private final InstantSource clock;
  private final SecureRandom random;
  private final EccsiVerifier verifier = new EccsiVerifier(KNOWN_SIGNERS);
  private final Map<Identity, RegisteredAddress> addresses = new HashMap<>();
  private final Map<Identity, NtpTimestamp> asked = new HashMap<>();
  private final NtpTimestamp opened;

  RegistrationDesk(GroupStore store, Member signer, InstantSource clock, SecureRandom random) {
    this.store = store;
    this.signer = signer;
    this.clock = clock;
    this.random = random;
    this.opened = NtpTimestamp.of(clock.instant());
    store.addresses().forEach(address -> addresses.put(address.ue(), address));
  }

  Optional<RegisteredAddress> address(Identity ue) {
    return Optional.ofNullable(addresses.get(ue)).filter(known -> known.isGood(clock.instant()));
  }

  List<RegisteredAddress> all() {
    return addresses.values().stream().filter(known -> known.isGood(clock.instant())).toList();
  }

  /// Judges these messages by `members`; what they change is durable on return, in one write.
  List<RegistrationOutcome> receive(List<byte[]> messages, MemberList members)
      throws VaultException {
    Map<Identity, RegisteredAddress> changed = new HashMap<>();
    List<RegistrationOutcome> outcomes = new ArrayList<>();
    for (byte[] octets : messages) {
      outcomes.add(judge(octets, members, changed));
    }
    put(List.copyOf(changed.values()));
    return outcomes;
  }

  /// Where an operator says that a UE is; what the UE has said before stays said.
  RegisteredAddress placed(Identity ue, InetSocketAddress address) {
    RegisteredAddress before = addresses.get(ue);
    NtpTimestamp said = before == null ? RegisteredAddress.BY_OPERATOR : before.said();
    return new RegisteredAddress(ue, address, said, Instant.MAX);
  }

  /// Stores what an operator says of these; durable on return.
  void put(List<RegisteredAddress> changed) throws VaultException {
    if (changed.isEmpty()) {
      return;
    }
    try (VaultEdit edit = store.edit()) {
      changed.forEach(address -> store.putAddress(edit, address));
      edit.commit();
    }
    changed.forEach(address -> addresses.put(address.ue(), address));
  }

  /// Removes in `edit` whom `list` has no more.
  void dropOutside(MemberList list, VaultEdit edit) {
    outside(list).forEach(ue -> store.removeAddress(edit, ue));
  }

  /// The same in memory, when the edit is on the disk.
  void forgetOutside(MemberList list) {
    outside(list).forEach(addresses::remove);
    asked.keySet().removeIf(ue -> list.find(ue).isEmpty());
  }

  private List<Identity> outside(MemberList list) {
    return addresses.keySet().stream().filter(ue -> list.find(ue).isEmpty()).toList();
  }

  private RegistrationOutcome judge(
      byte[] octets, MemberList members, Map<Identity, RegisteredAddress> changed) {
    UnverifiedRegistration message;
    try {
      message = UnverifiedRegistration.read(octets);
    } catch (MalformedMessage e) {
      return new Refused(RegistrationRefusal.MALFORMED, String.valueOf(e.getMessage()));
    }
    RegisteredAddress before = changed.getOrDefault(message.ue(), addresses.get(message.ue()));
    NtpTimestamp last = before == null ? RegisteredAddress.BY_OPERATOR : before.said();
    boolean isMember = members.find(message.ue()).filter(GroupMember::needsGmk).isPresent();
    RegistrationRefusal refusal =
        message.verb().bringsAddress()
            ? refusal(message, isMember, last)
            : RegistrationRefusal.OTHER_WAY;
    if (refusal != null) {
      return new Refused(refusal, message.toString());
    }
    return follow(message, before, changed);
  }

  /// Judges a question; null where it is to be answered.
  ///
  /// The T of questions is kept in memory, apart from that of registrations: a copy of a question
  /// would bring what is encrypted to the UE, and it travels inside TLS. Nothing older than this
  /// desk counts, so a restart opens no door to copies either.
  @Nullable RegistrationRefusal judge(UnverifiedRegistration question, MemberList members) {
    boolean isPull = question.verb() == RegistrationVerb.PULL;
    if (question.verb().bringsAddress()) {
      return RegistrationRefusal.OTHER_WAY;
    } else if (question.timestamp().compareTo(opened) < 0) {
      return RegistrationRefusal.T_TOO_OLD;
    }
    boolean isMember =
        members.find(question.ue()).filter(member -> !isPull || member.needsGmk()).isPresent();
    NtpTimestamp last = asked.getOrDefault(question.ue(), RegisteredAddress.BY_OPERATOR);
    RegistrationRefusal refusal = refusal(question, isMember, last);
    if (refusal == null) {
      asked.put(question.ue(), question.timestamp());
    }
    return refusal;
  }

  private @Nullable RegistrationRefusal refusal(
      UnverifiedRegistration message, boolean isMember, NtpTimestamp last) {
    KmsCertificate kms = signer.homeKms();
    if (!message.group().equals(store.group())) {
      return RegistrationRefusal.WRONG_GROUP;
    } else if (!isMember) {
      return RegistrationRefusal.NOT_A_MEMBER;
    } else if (!message.kmsUri().equals(kms.kmsUri())) {
      return RegistrationRefusal.UNKNOWN_KMS;
    }
    RegistrationRefusal untimely = SignatureGate.untimely(message, kms, clock.instant());
    if (untimely != null) {
      return untimely;
    } else if (message.timestamp().compareTo(last) <= 0) {
      return RegistrationRefusal.DUPLICATE;
    }
    return message.isSigned(kms, verifier) ? null : RegistrationRefusal.BAD_SIGNATURE;
  }

  private RegistrationOutcome follow(
      UnverifiedRegistration message,
      @Nullable RegisteredAddress before,
      Map<Identity, RegisteredAddress> changed) {
    boolean stays = message.verb() == RegistrationVerb.REGISTER;
    Duration kept = stays ? KEPT : Duration.ZERO;
    try {
      EccsiSigner asGroup = signer.signer(message.timestamp());
      byte[] answer = RegistrationAnswer.seal(message, kept, asGroup, random);
      // who withdraws leaves its T behind: an older registration stays refused
      changed.put(
          message.ue(),
          new RegisteredAddress(
              message.ue(), message.address(), message.timestamp(), clock.instant().plus(kept)));
      boolean isNews =
          !stays
              || before == null
              || !before.isGood(clock.instant())
              || !before.address().equals(message.address());
      return new Followed(message.ue(), message.verb(), message.address(), answer, isNews);
    } catch (KeysMissing e) {
      return new Refused(RegistrationRefusal.KEYS_MISSING, String.valueOf(e.getMessage()));
    }
  }
}
