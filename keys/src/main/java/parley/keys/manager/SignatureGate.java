package parley.keys.manager;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.UnverifiedRegistration;
import parley.mikey.identity.KmsCertificate;

/// What a message has to be before anybody looks whether its sender is a member of anything: of a
/// known KMS, in time, signed by the UE that it names. Whoever cannot sign as a UE so learns
/// nothing about it, not even from the time that an answer takes. Any thread.
public final class SignatureGate {
  private static final int KNOWN_SIGNERS = 4096;

  private final InstantSource clock;
  private final EccsiVerifier verifier = new EccsiVerifier(KNOWN_SIGNERS);

  public SignatureGate(InstantSource clock) {
    this.clock = clock;
  }

  /// Why it is not let in; empty for one that is.
  ///
  /// @param known the KMSs of the groups that are managed here, by their URIs
  public Optional<RegistrationRefusal> refusal(
      UnverifiedRegistration message, Map<String, KmsCertificate> known) {
    KmsCertificate kms = known.get(message.kmsUri());
    if (kms == null) {
      return Optional.of(RegistrationRefusal.UNKNOWN_KMS);
    }
    RegistrationRefusal untimely = untimely(message, kms, clock.instant());
    if (untimely != null) {
      return Optional.of(untimely);
    }
    return message.isSigned(kms, verifier)
        ? Optional.empty()
        : Optional.of(RegistrationRefusal.BAD_SIGNATURE);
  }

  static @Nullable RegistrationRefusal untimely(
      UnverifiedRegistration message, KmsCertificate kms, Instant now) {
    Instant t = message.timestamp().toInstant();
    if (t.isBefore(now.minus(RegistrationDesk.WINDOW))) {
      return RegistrationRefusal.T_TOO_OLD;
    } else if (t.isAfter(now.plus(RegistrationDesk.WINDOW))) {
      return RegistrationRefusal.T_IN_FUTURE;
    } else if (!kms.isPeriodAcceptable(message.timestamp(), now)) {
      return RegistrationRefusal.PERIOD_NOT_ACCEPTABLE;
    }
    return null;
  }
}
