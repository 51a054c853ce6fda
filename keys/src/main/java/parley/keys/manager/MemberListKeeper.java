package parley.keys.manager;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.manager.MemberListVerdict.Known;
import parley.keys.manager.MemberListVerdict.Reason;
import parley.keys.manager.MemberListVerdict.Refused;
import parley.keys.manager.MemberListVerdict.Taken;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.message.MalformedMessage;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The signed lists of members that a UE or a gateway holds, of each group the newest, as the
/// record `member-list` of its vault. An older one is never taken again, also after a restart.
///
/// Safe for use by many threads.
public final class MemberListKeeper {
  /// The longest time that a list may be in force.
  static final Duration LONGEST = Duration.ofDays(31);

  private static final String TYPE = "member-list";
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final int KNOWN_SIGNERS = 16;

  private final Vault vault;
  private final Member member;
  private final InstantSource clock;
  private final EccsiVerifier verifier = new EccsiVerifier(KNOWN_SIGNERS);

  /// Both stay the caller's; `member` is of that vault.
  public MemberListKeeper(Vault vault, Member member, InstantSource clock) {
    this.vault = vault;
    this.member = member;
    this.clock = clock;
  }

  /// What is held of `group`, in force or not.
  public Optional<HeldMemberList> held(Identity group) {
    return stored(group).map(HeldMemberList::of);
  }

  private Optional<UnverifiedMemberList> stored(Identity group) {
    return vault
        .read(TYPE, name(group))
        .map(record -> {
          try (record) {
            return UnverifiedMemberList.read(record.lend(SecretAccess.token(), byte[]::clone));
          } catch (MalformedMessage e) {
            throw new IllegalStateException("a stored list of members is of another version", e);
          }
        });
  }

  private String name(Identity group) {
    return member.identity().uri() + ' ' + group.uri();
  }

  /// Judges a list that came for `group`; what is taken is durable on return.
  public synchronized MemberListVerdict take(Identity group, byte[] octets) throws VaultException {
    UnverifiedMemberList came;
    try {
      came = UnverifiedMemberList.read(octets);
    } catch (MalformedMessage e) {
      return new Refused(Reason.MALFORMED, String.valueOf(e.getMessage()));
    }
    UnverifiedMemberList before = stored(group).orElse(null);
    Refused refused = refusal(group, came, before);
    if (refused != null) {
      return refused;
    } else if (before != null && Arrays.equals(before.octets(), came.octets())) {
      return new Known(HeldMemberList.of(came));
    }
    try (SecretBytes record = SecretBytes.copyOf(came.octets(), "list of members")) {
      vault.put(TYPE, name(group), record);
    }
    return new Taken(HeldMemberList.of(came));
  }

  /// In the order of their cost; the signer is known here, and never taken from the list.
  private @Nullable Refused refusal(
      Identity group, UnverifiedMemberList came, @Nullable UnverifiedMemberList before) {
    Instant now = clock.instant();
    if (!came.group().equals(group)) {
      return new Refused(
          Reason.WRONG_GROUP, "the list is of " + came.group() + ", not of " + group);
    }
    GroupMembership membership = member.memberships().get(group);
    if (membership == null) {
      return new Refused(
          Reason.NOT_A_MEMBER, "%s is no group of %s".formatted(group, member.identity()));
    }
    KmsCertificate kms = member.kms().find(membership.kmsUri());
    if (kms == null) {
      return new Refused(
          Reason.UNKNOWN_KMS,
          "KMS %s is not known here; enrol again".formatted(membership.kmsUri()));
    }
    Refused untimely = untimely(came, before, kms, now);
    if (untimely != null) {
      return untimely;
    }
    return came.isSigned(membership.signer(), kms, verifier)
        ? null
        : new Refused(
            Reason.BAD_SIGNATURE,
            "the list is not signed as " + membership.signer() + "; find out why");
  }

  private static @Nullable Refused untimely(
      UnverifiedMemberList came,
      @Nullable UnverifiedMemberList before,
      KmsCertificate kms,
      Instant now) {
    if (came.timestamp().isAfter(now.plus(WINDOW))) {
      return new Refused(
          Reason.T_IN_FUTURE,
          "the list was signed at %s; are the clocks right?".formatted(came.timestamp()));
    } else if (!now.isBefore(came.notAfter())
        || came.notAfter().isAfter(came.timestamp().toInstant().plus(LONGEST))) {
      return new Refused(
          Reason.NOT_IN_FORCE,
          "the list is in force until %s; ask again".formatted(came.notAfter()));
    } else if (!kms.isPeriodAcceptable(came.timestamp(), now)) {
      return new Refused(
          Reason.PERIOD_NOT_ACCEPTABLE,
          "the list was signed at %s, in another key period".formatted(came.timestamp()));
    } else if (before == null) {
      return null;
    }
    int newer = came.version().compareTo(before.version());
    if (newer < 0 || (newer == 0 && came.timestamp().compareTo(before.timestamp()) < 0)) {
      return new Refused(
          Reason.OLDER,
          "the list is of %s; the one of %s is held".formatted(came.version(), before.version()));
    } else if (newer == 0 && !came.list().equals(before.list())) {
      return new Refused(
          Reason.CONTRADICTION,
          "two lists of %s say different things; ask the manager's operator"
              .formatted(came.version()));
    }
    return null;
  }
}
