package parley.mikey.group;

import java.time.InstantSource;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.message.MalformedMessage;

/// The expensive half: signature, then unwrapping (wire profile, section 4, steps 3 and 4).
///
/// Takes only what an [AnnouncementGate] admitted. Thread-safe; meant for a bounded pool.
public final class AnnouncementVerifier {
  private final EccsiVerifier verifier;
  private final InstantSource clock;

  /// What became of an admitted message.
  public sealed interface Outcome {
    /// The caller closes `announcement`.
    record Verified(VerifiedAnnouncement announcement) implements Outcome {}

    record Refused(Refusal reason, String detail) implements Outcome {}
  }

  public AnnouncementVerifier(EccsiVerifier verifier, InstantSource clock) {
    this.verifier = verifier;
    this.clock = clock;
  }

  /// Verifies with the keys of the KMS that the message names, as `kms` knows it.
  ///
  /// T alone decides the key period of the signature (RFC 6509, 3.2); whether that period is still,
  /// or already, acceptable is the KMS certificate's rule (3.3).
  public Outcome verify(Admission.Admitted admitted, KmsDirectory kms) {
    UnverifiedAnnouncement message = admitted.message();
    KmsCertificate certificate = kms.find(message.kmsUri());
    if (certificate == null) {
      return refused(Refusal.UNKNOWN_KMS, message);
    }
    if (!certificate.isPeriodAcceptable(message.timestamp(), clock.instant())) {
      return refused(Refusal.PERIOD_NOT_ACCEPTABLE, message);
    }
    if (!message.isSigned(certificate, verifier)) {
      return refused(Refusal.BAD_SIGNATURE, message);
    }
    try {
      GroupSessionKey gsk = message.unwrap(admitted.gmk());
      return new Outcome.Verified(
          new VerifiedAnnouncement(message, admitted.gmk(), certificate, gsk));
    } catch (MalformedMessage e) {
      return new Outcome.Refused(Refusal.BAD_KEY_DATA, message + ": " + e.getMessage());
    }
  }

  private static Outcome refused(Refusal reason, UnverifiedAnnouncement message) {
    return new Outcome.Refused(reason, message.toString());
  }
}
