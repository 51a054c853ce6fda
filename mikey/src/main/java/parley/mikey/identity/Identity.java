package parley.mikey.identity;

import java.nio.charset.StandardCharsets;

/// A user, a group or a gateway: a URI in its canonical form, compared octet by octet.
///
/// Canonical means: scheme and host in lower case, percent-encoding only where needed and in upper
/// case; `tel:` as RFC 6509, 3.2 asks: global number, no separators, no parameters. Printable ASCII
/// only, so the NUL that ends it inside an identifier cannot be forged.
public record Identity(String uri) implements Comparable<Identity> {

  /// `YYYY-MM` NUL URI NUL must stay below q as an integer (RFC 6508, 2.2), which 127 octets always
  /// do. Were longer ones reduced modulo q, two people could be made to share one key.
  public static final int MAX_OCTETS = 118;

  /// @throws IllegalArgumentException if `uri` is no canonical URI; the message shows the canonical
  ///   form
  public Identity {
    String canonical = CanonicalUri.of(uri);
    if (!uri.equals(canonical)) {
      throw new IllegalArgumentException(
          "identity " + CanonicalUri.quote(uri) + " is not canonical; write \"" + canonical + "\"");
    }
    if (uri.length() > MAX_OCTETS) {
      throw new IllegalArgumentException(
          "identity " + CanonicalUri.quote(uri) + " is longer than " + MAX_OCTETS + " octets");
    }
  }

  /// The URI in ASCII, without a length or an end mark.
  public byte[] octets() {
    return uri.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public int compareTo(Identity other) {
    return uri.compareTo(other.uri);
  }

  @Override
  public String toString() {
    return uri;
  }
}
