package parley.keys.gba.digest;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretBytes;

/// An `Authorization` of Digest: who the client is, and its proof.
///
/// @param response 32 hex digits; empty in the first request of Ub, which only says who asks
/// @param freshness qop, cnonce and nc; null in that first request
/// @param auts in base64, where the USIM asks for resynchronisation (RFC 3310, 3.4)
public record DigestCredentials(
    String username,
    String realm,
    String nonce,
    String uri,
    String response,
    DigestAlgorithm algorithm,
    @Nullable Freshness freshness,
    @Nullable String opaque,
    @Nullable String auts) {

  private static final Pattern RESPONSE = Pattern.compile("([0-9a-f]{32})?");

  /// What makes each response another: the client's own nonce, and how often it has used the
  /// server's, from 1 on.
  public record Freshness(Qop qop, String cnonce, int nc) {
    private static final Pattern COUNT = Pattern.compile("[0-9a-f]{8}");

    public Freshness {
      if (nc < 1) {
        throw new IllegalArgumentException("nc counts from 1 to 2^31 - 1");
      }
    }

    static @Nullable Freshness of(DigestFields fields) throws MalformedDigest {
      String qop = fields.token("qop");
      if (qop == null) {
        if (fields.token("nc") != null || fields.token("cnonce") != null) {
          throw new MalformedDigest("nc or cnonce without qop");
        }
        return null;
      }
      return new Freshness(
          Qop.of(qop), fields.requiredQuoted("cnonce"), count(fields.requiredToken("nc")));
    }

    private static int count(String nc) throws MalformedDigest {
      long count = COUNT.matcher(nc).matches() ? HexFormat.fromHexDigitsToLong(nc) : 0;
      if (count < 1 || count > Integer.MAX_VALUE) {
        throw new MalformedDigest("nc is no count of eight hex digits");
      }
      return (int) count;
    }

    /// Eight hex digits.
    String ncText() {
      return HexFormat.of().toHexDigits(nc);
    }
  }

  /// The first request of Ub (TS 24.109, A.3): the name, and nothing proved yet.
  public static DigestCredentials introduction(String username, String realm, String uri) {
    return new DigestCredentials(
        username, realm, "", uri, "", DigestAlgorithm.AKAV1_MD5, null, null, null);
  }

  /// What answers `challenge`.
  ///
  /// @param password stays the caller's
  /// @param body of the request, empty where there is none
  public static DigestCredentials answer(
      DigestChallenge challenge,
      String username,
      SecretBytes password,
      String method,
      String uri,
      byte[] body,
      Freshness freshness) {
    var unsigned =
        new DigestCredentials(
            username,
            challenge.realm(),
            challenge.nonce(),
            uri,
            "",
            challenge.algorithm(),
            freshness,
            challenge.opaque(),
            null);
    return unsigned.withResponse(RequestDigest.response(unsigned, password, method, body));
  }

  /// The same with AUTS, whose response has the empty password (RFC 3310, 3.4).
  public static DigestCredentials resynchronisation(
      DigestChallenge challenge,
      String username,
      String auts,
      String method,
      String uri,
      Freshness freshness) {
    try (SecretBytes none = SecretBytes.take(new byte[0], "empty password")) {
      DigestCredentials answer =
          answer(challenge, username, none, method, uri, new byte[0], freshness);
      return new DigestCredentials(
          answer.username,
          answer.realm,
          answer.nonce,
          answer.uri,
          answer.response,
          answer.algorithm,
          answer.freshness,
          answer.opaque,
          auts);
    }
  }

  private DigestCredentials withResponse(String computed) {
    return new DigestCredentials(
        username, realm, nonce, uri, computed, algorithm, freshness, opaque, auts);
  }

  /// Reads the value of the header.
  public static DigestCredentials parse(String header) throws MalformedDigest {
    DigestFields fields = DigestFields.ofScheme(header);
    String response = fields.requiredQuoted("response");
    if (!RESPONSE.matcher(response).matches()) {
      throw new MalformedDigest("response has not 32 hex digits");
    }
    String nonce = fields.requiredQuoted("nonce");
    String algorithm = fields.token("algorithm");
    return new DigestCredentials(
        fields.requiredQuoted("username"),
        fields.requiredQuoted("realm"),
        nonce,
        fields.requiredQuoted("uri"),
        response,
        algorithm == null ? DigestAlgorithm.MD5 : DigestAlgorithm.of(algorithm),
        Freshness.of(fields),
        fields.quoted("opaque"),
        fields.quoted("auts"));
  }

  /// Whether this proves knowledge of `password` for this request; compares in constant time. False
  /// without a qop.
  public boolean isProvedBy(SecretBytes password, String method, byte[] body) {
    return freshness != null
        && RequestDigest.isEqual(response, RequestDigest.response(this, password, method, body));
  }

  /// The value of the header.
  public String header() {
    List<String> parts = new ArrayList<>();
    parts.add(DigestFields.quoted("username", username));
    parts.add(DigestFields.quoted("realm", realm));
    parts.add(DigestFields.quoted("nonce", nonce));
    parts.add(DigestFields.quoted("uri", uri));
    parts.add(DigestFields.quoted("response", response));
    parts.add("algorithm=" + algorithm.token());
    if (freshness != null) {
      parts.add("qop=" + freshness.qop().token());
      parts.add("nc=" + freshness.ncText());
      parts.add(DigestFields.quoted("cnonce", freshness.cnonce()));
    }
    if (opaque != null) {
      parts.add(DigestFields.quoted("opaque", opaque));
    }
    if (auts != null) {
      parts.add(DigestFields.quoted("auts", auts));
    }
    return "Digest " + String.join(", ", parts);
  }
}
