package parley.keys.kms.front;

import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Set;
import parley.keys.http.Request;
import parley.keys.kms.front.KmsClient.Way;
import parley.keys.kms.registry.KmsUsers;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;

/// By the word of an operator's tunnel (a secure IMS tunnel, say): its end point is known by its
/// client certificate and says who is at the other end.
///
/// The header is heard from the end points of the configuration and from nobody else. It comes
/// before [ByCertificate]: an end point is no user.
public final class ByTunnel implements WayToBeKnown {
  /// The header, as TS 24.109 has it: the identity, in quotation marks or without.
  public static final String HEADER = "X-3GPP-Asserted-Identity";

  private final KmsUsers users;
  private final Set<String> endPoints;

  /// @param endPoints names of certificates as [CertificateNames] gives them
  public ByTunnel(KmsUsers users, Collection<String> endPoints) {
    this.users = users;
    this.endPoints = Set.copyOf(endPoints);
  }

  @Override
  public Outcome look(Request request) throws StoreException {
    X509Certificate certificate = request.certificate();
    String asserted = request.header(HEADER);
    if (certificate == null || asserted == null) {
      return WayToBeKnown.notMine();
    }
    for (String name : CertificateNames.of(certificate)) {
      if (endPoints.contains(name)) {
        return asserted(name, asserted.strip());
      }
    }
    return WayToBeKnown.notMine();
  }

  private Outcome asserted(String endPoint, String header) throws StoreException {
    boolean isQuoted = header.length() > 1 && header.startsWith("\"") && header.endsWith("\"");
    try {
      Identity user = new Identity(isQuoted ? header.substring(1, header.length() - 1) : header);
      return users.find(user).isPresent()
          ? new Outcome.Authenticated(KmsClient.of(Way.TUNNEL, endPoint, user))
          : WayToBeKnown.notMine();
    } catch (IllegalArgumentException _) {
      return WayToBeKnown.notMine();
    }
  }
}
