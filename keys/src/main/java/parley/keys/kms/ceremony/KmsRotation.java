package parley.keys.kms.ceremony;

import java.time.Duration;
import java.time.Instant;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.Succession;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.KmsCertificate;

/// Gives a KMS a successor with other master secrets, for the time in which both issue.
///
/// The successor is a KMS of its own, made by a ceremony of its own, with a URI of its own: to
/// every client a URI stands for one pair of public keys, and one that came with others would be
/// refused as a forgery, which is right. Clients learn of the successor's certificate from the KMS
/// they know (`certcache`) and trust both from then on. When the time is over the older issues
/// nothing more; what it issued ends with its periods, and its vault can be destroyed.
public final class KmsRotation {
  private KmsRotation() {}

  /// Notes the successor in the vault of the older KMS, which must not be running; durable on
  /// return. Another one, or another time, takes the place of what was noted before.
  ///
  /// @param overlap how long both issue: two key periods at least, so that everybody has renewed
  ///   once
  /// @throws IllegalArgumentException if the URI is the same, or the time too short
  public static Succession start(
      Vault older, KmsCertificate successor, Duration overlap, Instant now) throws VaultException {
    KmsCertificate present = certificate(older);
    if (successor.kmsUri().equals(present.kmsUri())) {
      throw new IllegalArgumentException(
          "a successor has a KMS URI of its own, another than " + present.kmsUri());
    }
    Instant twoPeriods = present.next(present.periodAt(now)).until();
    Instant until = now.plus(overlap);
    if (until.isBefore(twoPeriods)) {
      throw new IllegalArgumentException(
          "both issue until %s at least, so that everybody has renewed once".formatted(twoPeriods));
    }
    Succession succession = new Succession(successor, now, until);
    KmsIssuer.succeed(older, succession);
    return succession;
  }

  private static KmsCertificate certificate(Vault vault) throws VaultException {
    try (KmsIssuer kms = KmsIssuer.open(vault)) {
      return kms.certificate();
    }
  }
}
