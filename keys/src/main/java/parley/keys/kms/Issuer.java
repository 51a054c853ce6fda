package parley.keys.kms;

import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;

/// The boundary between a KMS's front end and its master secrets: narrow enough to put a process
/// between.
///
/// Behind it are [KmsIssuer] in this process ([KmsIssuer#at]) or in another
/// (`parley.keys.kms.remote`). In front of it is everything that strangers can reach, which has to
/// decide who may ask for which identity. Deterministic. Safe for use by many threads.
public interface Issuer extends AutoCloseable {
  /// What members need to know of this KMS; public, and the same for its life.
  KmsCertificate certificate();

  /// The keys of `device`, a name that is unique among the devices of `who`; the caller closes
  /// them.
  ///
  /// @throws IssueRefused unless `period` is the present one or the next, by the issuer's own clock
  /// @throws IssuerUnreachable if it is another process that does not answer
  MemberKeys issue(Identity who, KeyPeriod period, String device)
      throws IssueRefused, IssuerUnreachable;

  @Override
  void close();
}
