package parley.keys.gba.digest;

/// A header of HTTP Digest that is not of the grammar. Without a stack trace, as strangers send it.
public final class MalformedDigest extends Exception {
  private static final long serialVersionUID = 1;

  MalformedDigest(String message) {
    super(message, null, false, false);
  }
}
