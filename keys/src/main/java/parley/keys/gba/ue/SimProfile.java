package parley.keys.gba.ue;

import java.net.URI;
import parley.keys.gba.Fqdn;
import parley.keys.gba.hss.Impi;

/// What may be shown of a SIM.
///
/// @param impi the private identity, `user@realm`
/// @param bsf where it bootstraps, `https://bsf.example.org:8445`, without a path
/// @param bsfName what that BSF calls itself, the realm of its challenges
public record SimProfile(String impi, URI bsf, Fqdn bsfName) {
  /// @throws IllegalArgumentException with one sentence
  public SimProfile {
    if (!Impi.isOne(impi)) {
      throw new IllegalArgumentException("a private identity is user@realm");
    }
    boolean isBare = bsf.getRawPath() == null || bsf.getRawPath().isEmpty();
    if (!"https".equals(bsf.getScheme())
        || bsf.getHost() == null
        || !(isBare || bsf.getRawPath().equals("/"))
        || bsf.getRawQuery() != null) {
      throw new IllegalArgumentException(
          "the address of a BSF is like https://bsf.example.org:8445, without a path");
    }
  }
}
