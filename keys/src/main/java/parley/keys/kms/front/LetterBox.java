package parley.keys.kms.front;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.message.GroupEntry;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.kms.registry.KmsUser;
import parley.keys.store.StoreException;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;

/// Which GMK messages a KMS takes for UEs that will come for their keys: those that the registered
/// signer of a UE's group has signed. What entitles is the message; who brings it is nobody's
/// concern.
///
/// 1. grammar of our profile; signer and UE both of this KMS
/// 2. T: not ahead of the clock, and the UE would still take it. A message made days ago is good
/// 3. the signature, by whomever the message names: whoever cannot sign as a user of this KMS
///    learns nothing of its registry, not even from the time that an answer takes
/// 4. the registry: the UE is a user, and the signer signs for exactly one of its groups, because
///    the message hides which group it is for
/// 5. T is later than that of the message that waits
///
/// Safe for use by many threads.
public final class LetterBox {
  /// How far T may be ahead of our clock.
  static final Duration AHEAD = Duration.ofSeconds(60);

  /// How long after its T a message is kept at most.
  static final Duration KEPT = Duration.ofDays(30);

  private static final int KNOWN_SIGNERS = 1024;
  private static final int MOST_GROUPS = 10_000;

  private final KmsCertificate kms;
  private final KmsRegistry registry;
  private final InstantSource clock;
  private final EccsiVerifier verifier = new EccsiVerifier(KNOWN_SIGNERS);

  /// @param registry stays the caller's, and open
  public LetterBox(KmsCertificate kms, KmsRegistry registry, InstantSource clock) {
    this.kms = kms;
    this.registry = registry;
    this.clock = clock;
  }

  /// Judges one message; durable on return where it is taken.
  public LetterOutcome take(byte[] octets) throws StoreException {
    UnverifiedGmkDistribution message;
    try {
      message = UnverifiedGmkDistribution.read(octets);
    } catch (MalformedMessage e) {
      return refused(Denial.MALFORMED, null, null, String.valueOf(e.getMessage()));
    }
    Identity ue = message.responder();
    Denial foreign = foreign(message, clock.instant());
    if (foreign != null) {
      return refused(foreign, null, ue, "of another KMS, or T " + message.timestamp());
    } else if (!message.isSigned(message.initiator(), kms, verifier)) {
      return refused(Denial.WRONG_SIGNATURE, null, ue, "not signed by " + message.initiator());
    }
    return leave(message, octets);
  }

  private @Nullable Denial foreign(UnverifiedGmkDistribution message, Instant now) {
    boolean isOurs =
        message.initiatorKmsUri().equals(kms.kmsUri())
            && message.responderKmsUri().equals(kms.kmsUri());
    if (!isOurs) {
      return Denial.OTHER_KMS;
    }
    NtpTimestamp t = message.timestamp();
    boolean isInTime =
        !t.isAfter(now.plus(AHEAD))
            && kms.isPeriodAcceptable(t, now)
            && now.isBefore(expiry(message));
    return isInTime ? null : Denial.CLOCK_OFF;
  }

  /// Of a message whose signature is good.
  private LetterOutcome leave(UnverifiedGmkDistribution message, byte[] octets)
      throws StoreException {
    Identity signer = message.initiator();
    Identity ue = message.responder();
    Optional<KmsUser> user = registry.users().find(ue);
    if (user.isEmpty() || !isHere(user.get())) {
      return refused(Denial.UNKNOWN, signer, ue, ue + " is no user of this KMS");
    } else if (user.get().revoked() != null || isRevoked(signer)) {
      return refused(Denial.REVOKED, signer, ue, "the keys of one of the two are withdrawn");
    }
    List<GroupEntry> groups = groups(ue, signer);
    if (groups.size() != 1) {
      return refused(
          Denial.NO_SUCH_GROUP,
          signer,
          ue,
          "%s signs for %d groups of %s".formatted(signer, groups.size(), ue));
    }
    Identity group = groups.getFirst().group();
    Instant until = expiry(message);
    return switch (registry.pending().leave(ue, group, message.timestamp(), octets, until)) {
      case LEFT -> new LetterOutcome.Taken(signer, ue, group, until, true);
      case THERE_ALREADY -> new LetterOutcome.Taken(signer, ue, group, until, false);
      case NOT_NEWER -> refused(Denial.NOT_NEWER, signer, ue, "a newer one waits");
    };
  }

  private boolean isHere(KmsUser user) {
    return user.homeKms() == null || user.homeKms().equals(kms.kmsUri());
  }

  /// A group that signs for itself need not be a user.
  private boolean isRevoked(Identity signer) throws StoreException {
    return registry.users().find(signer).filter(user -> user.revoked() != null).isPresent();
  }

  private List<GroupEntry> groups(Identity ue, Identity signer) throws StoreException {
    return registry.groups().of(ue, MOST_GROUPS).stream()
        .filter(group -> group.manager().equals(signer) && group.kmsUri().equals(kms.kmsUri()))
        .toList();
  }

  /// When no UE would take it any more, and no later than after [#KEPT].
  private Instant expiry(UnverifiedGmkDistribution message) {
    Instant useless = kms.acceptableUntil(message.timestamp());
    Instant old = message.timestamp().toInstant().plus(KEPT);
    return useless.isBefore(old) ? useless : old;
  }

  private static LetterOutcome refused(
      Denial reason, @Nullable Identity signer, @Nullable Identity ue, String detail) {
    return new LetterOutcome.Refused(reason, signer, ue, detail);
  }
}
