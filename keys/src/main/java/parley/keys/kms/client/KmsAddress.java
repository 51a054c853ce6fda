package parley.keys.kms.client;

import java.net.URI;

/// Where a KMS is, and what it calls itself.
///
/// @param base `https://kms.example.org`, without a path
/// @param kmsUri as in its certificate
public record KmsAddress(String base, String kmsUri) {
  static final String ROOT = "/keymanagement/identity/v1";

  /// @throws IllegalArgumentException if `base` is no URL of HTTPS without a path
  public KmsAddress {
    URI url = URI.create(base);
    boolean isBase =
        "https".equals(url.getScheme())
            && url.getHost() != null
            && url.getRawPath().isEmpty()
            && url.getRawQuery() == null
            && url.getRawFragment() == null
            && url.getRawUserInfo() == null;
    if (!isBase) {
      throw new IllegalArgumentException(
          "a KMS is reached by https://host or https://host:port, not by \"" + base + "\"");
    }
  }

  String url(String resource) {
    return base + ROOT + resource;
  }
}
