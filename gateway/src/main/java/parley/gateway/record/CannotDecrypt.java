package parley.gateway.record;

/// The key at hand does not open a recording. The message is one sentence: what is wrong and which
/// key would be right.
public final class CannotDecrypt extends Exception {
  private static final long serialVersionUID = 1;

  CannotDecrypt(String message) {
    super(message);
  }

  CannotDecrypt(String message, Throwable cause) {
    super(message, cause);
  }
}
