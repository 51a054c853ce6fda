package parley.keys.kms.ceremony;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.Succession;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.KmsCertificate;

/// Gives a KMS a successor with new master secrets, for the time in which both issue.
///
/// The successor has a URI of its own: to every client a URI stands for one pair of public keys,
/// and one that came with others would be refused as a forgery, which is right. Clients learn of
/// the successor's certificate from the KMS they know (`certcache`), trust both from then on, and
/// enrol at the successor when their next key period begins. When the time is over the older issues
/// nothing more; what it issued ends with its periods, and its vault can be destroyed.
public final class KmsRotation {
  private KmsRotation() {}

  /// Makes the successor in `vault`, which must not hold a KMS, and notes it in the vault of the
  /// older one; durable on return, and repeated safely where it was cut off between the two.
  ///
  /// @param settings the successor's; its URI differs
  /// @param overlap how long both issue: two key periods at least, so that everybody has renewed
  ///   once
  public static Succession start(
      Vault older,
      Vault vault,
      KmsSettings settings,
      Duration overlap,
      Instant now,
      SecureRandom random)
      throws VaultException {
    KmsCertificate present = certificate(older);
    if (settings.kmsUri().equals(present.kmsUri())) {
      throw new IllegalArgumentException(
          "a successor has a KMS URI of its own, another than " + present.kmsUri());
    }
    Instant twoPeriods = present.next(present.periodAt(now)).until();
    Instant until = now.plus(overlap);
    if (until.isBefore(twoPeriods)) {
      throw new IllegalArgumentException(
          "both issue until %s at least, so that everybody has renewed once".formatted(twoPeriods));
    }
    Succession succession = new Succession(successor(vault, settings, random), now, until);
    KmsIssuer.succeed(older, succession);
    return succession;
  }

  private static KmsCertificate certificate(Vault vault) throws VaultException {
    try (KmsIssuer kms = KmsIssuer.open(vault)) {
      return kms.certificate();
    }
  }

  private static KmsCertificate successor(Vault vault, KmsSettings settings, SecureRandom random)
      throws VaultException {
    if (vault.names("kms").isEmpty()) {
      try (KmsIssuer made = KmsIssuer.create(settings, vault, random)) {
        return made.certificate();
      }
    }
    KmsCertificate made = certificate(vault);
    if (!made.kmsUri().equals(settings.kmsUri())) {
      throw new VaultException(vault + " holds KMS " + made.kmsUri() + "; take another vault");
    }
    return made;
  }
}
