package parley.keys.kms.front;

import java.security.cert.X509Certificate;
import java.util.List;
import parley.keys.http.Request;
import parley.keys.kms.front.KmsClient.Way;
import parley.keys.kms.registry.KmsUsers;
import parley.keys.kms.registry.KnownBy;
import parley.keys.store.StoreException;

/// By the client certificate of TLS, whose name is one user's.
public final class ByCertificate implements WayToBeKnown {
  private final KmsUsers users;

  public ByCertificate(KmsUsers users) {
    this.users = users;
  }

  @Override
  public Outcome look(Request request) throws StoreException {
    X509Certificate certificate = request.certificate();
    if (certificate == null) {
      return WayToBeKnown.notMine();
    }
    List<String> names = CertificateNames.of(certificate);
    return users
        .known(KnownBy.CERTIFICATE, names)
        .<Outcome>map(user ->
            new Outcome.Authenticated(KmsClient.of(Way.CERTIFICATE, names.getFirst(), user)))
        .orElseGet(WayToBeKnown::notMine);
  }
}
