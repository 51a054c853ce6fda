package parley.keys.gba.digest;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A `WWW-Authenticate` of Digest: what the client is to prove.
///
/// @param stale the nonce of the request was too old, and nothing else was said about it
public record DigestChallenge(
    String realm,
    String nonce,
    DigestAlgorithm algorithm,
    Set<Qop> qop,
    @Nullable String opaque,
    boolean stale) {

  public DigestChallenge {
    qop = Set.copyOf(qop);
  }

  /// Reads the value of the header. One challenge stands in it, and it must offer a qop: without,
  /// nothing would be fresh (RFC 7616, 3.4).
  public static DigestChallenge parse(String header) throws MalformedDigest {
    DigestFields fields = DigestFields.ofScheme(header);
    String algorithm = fields.token("algorithm");
    return new DigestChallenge(
        fields.requiredQuoted("realm"),
        fields.requiredQuoted("nonce"),
        algorithm == null ? DigestAlgorithm.MD5 : DigestAlgorithm.of(algorithm),
        Qop.ofList(fields.requiredQuoted("qop")),
        fields.quoted("opaque"),
        "true".equalsIgnoreCase(fields.token("stale")));
  }

  /// The value of the header.
  public String header() {
    List<String> parts = new ArrayList<>();
    parts.add(DigestFields.quoted("realm", realm));
    parts.add(DigestFields.quoted("nonce", nonce));
    parts.add("algorithm=" + algorithm.token());
    parts.add(DigestFields.quoted("qop", Qop.list(qop)));
    if (opaque != null) {
      parts.add(DigestFields.quoted("opaque", opaque));
    }
    if (stale) {
      parts.add("stale=true");
    }
    return "Digest " + String.join(", ", parts);
  }
}
