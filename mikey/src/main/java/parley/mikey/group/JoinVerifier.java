package parley.mikey.group;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.KmsCertificate;

/// The expensive half: whether the member that a JOIN, REFRESH or LEAVE names has signed it. Takes
/// only what a [JoinGate] admitted. Thread-safe; meant for a bounded pool.
public final class JoinVerifier {
  private final EccsiVerifier verifier;
  private final InstantSource clock;

  public JoinVerifier(EccsiVerifier verifier, InstantSource clock) {
    this.verifier = verifier;
    this.clock = clock;
  }

  /// Null where it has, by the keys of the KMS that the message names, as `kms` knows it.
  public @Nullable JoinRefusal refusal(JoinAdmission.Admitted admitted, KmsDirectory kms) {
    UnverifiedJoin message = admitted.message();
    KmsCertificate certificate = kms.find(message.kmsUri());
    if (certificate == null) {
      return JoinRefusal.UNKNOWN_KMS;
    }
    if (!certificate.isPeriodAcceptable(message.timestamp(), clock.instant())) {
      return JoinRefusal.PERIOD_NOT_ACCEPTABLE;
    }
    return message.isSigned(certificate, verifier) ? null : JoinRefusal.BAD_SIGNATURE;
  }
}
