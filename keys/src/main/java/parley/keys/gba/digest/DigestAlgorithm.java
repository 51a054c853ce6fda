package parley.keys.gba.digest;

/// The `algorithm` of HTTP Digest. Both hash with MD5; they differ in what the password is.
public enum DigestAlgorithm {
  /// A password that both sides have (RFC 7616).
  MD5("MD5"),
  /// RES of AKA, in the octets that it has (RFC 3310, 3.3).
  AKAV1_MD5("AKAv1-MD5");

  private final String token;

  DigestAlgorithm(String token) {
    this.token = token;
  }

  String token() {
    return token;
  }

  static DigestAlgorithm of(String token) throws MalformedDigest {
    for (DigestAlgorithm algorithm : values()) {
      if (algorithm.token.equalsIgnoreCase(token)) {
        return algorithm;
      }
    }
    throw new MalformedDigest("an unknown algorithm");
  }
}
