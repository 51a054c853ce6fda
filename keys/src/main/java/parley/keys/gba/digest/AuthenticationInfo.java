package parley.keys.gba.digest;

import parley.keys.gba.digest.DigestCredentials.Freshness;
import parley.mikey.secret.SecretBytes;

/// An `Authentication-Info`: the server knows the password as well, and with auth-int this is its
/// body (RFC 7616, 3.5).
public record AuthenticationInfo(String rspauth, Freshness freshness) {
  /// The server's proof in answer to a request that it found proved.
  ///
  /// @param body of the answer
  public static AuthenticationInfo of(
      DigestCredentials request, SecretBytes password, byte[] body) {
    Freshness freshness = request.freshness();
    if (freshness == null) {
      throw new IllegalArgumentException("a request without qop proved nothing");
    }
    return new AuthenticationInfo(RequestDigest.rspauth(request, password, body), freshness);
  }

  /// Reads the value of the header.
  public static AuthenticationInfo parse(String header) throws MalformedDigest {
    DigestFields fields = DigestFields.of(header);
    Freshness freshness = Freshness.of(fields);
    if (freshness == null) {
      throw new MalformedDigest("no qop");
    }
    return new AuthenticationInfo(fields.requiredQuoted("rspauth"), freshness);
  }

  /// Whether a server that knows `password` says this about `request` and this body.
  public boolean isProvedBy(SecretBytes password, DigestCredentials request, byte[] body) {
    return freshness.equals(request.freshness())
        && RequestDigest.isEqual(rspauth, RequestDigest.rspauth(request, password, body));
  }

  /// The value of the header.
  public String header() {
    return String.join(
        ", ",
        DigestFields.quoted("rspauth", rspauth),
        "qop=" + freshness.qop().token(),
        DigestFields.quoted("cnonce", freshness.cnonce()),
        "nc=" + freshness.ncText());
  }
}
