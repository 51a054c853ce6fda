package parley.keys.kms.front;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The names in a client certificate as the registry has them: `URI:` and `DNS:` of its subject
/// alternative names; where it has neither, `DN:` and its subject by RFC 2253.
public final class CertificateNames {
  private static final int DNS = 2;
  private static final int URI = 6;

  private CertificateNames() {}

  public static List<String> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    for (List<?> name : alternatives(certificate)) {
      if (name.size() == 2 && name.get(1) instanceof String text) {
        switch ((Integer) name.get(0)) {
          case DNS -> names.add("DNS:" + text);
          case URI -> names.add("URI:" + text);
          default -> {
            // of no use here
          }
        }
      }
    }
    return names.isEmpty()
        ? List.of("DN:" + certificate.getSubjectX500Principal().getName())
        : List.copyOf(names);
  }

  private static Collection<List<?>> alternatives(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException _) {
      return List.of();
    }
  }
}
