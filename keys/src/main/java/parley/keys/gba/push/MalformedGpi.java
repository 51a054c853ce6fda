package parley.keys.gba.push;

/// No GBA push information, or altered on its way. Without a stack trace, as strangers send it.
public final class MalformedGpi extends Exception {
  private static final long serialVersionUID = 1;

  MalformedGpi(String message) {
    super(message, null, false, false);
  }
}
