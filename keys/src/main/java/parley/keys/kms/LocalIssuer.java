package parley.keys.kms;

import java.time.InstantSource;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;

/// A [KmsIssuer] in this process with a clock beside it.
record LocalIssuer(KmsIssuer kms, InstantSource clock) implements Issuer {
  @Override
  public KmsCertificate certificate() {
    return kms.certificate();
  }

  @Override
  public MemberKeys issue(Identity who, KeyPeriod period, String device) throws IssueRefused {
    return kms.issue(who, period, device, clock.instant());
  }

  @Override
  public void close() {
    kms.close();
  }
}
