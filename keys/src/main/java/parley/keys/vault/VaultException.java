package parley.keys.vault;

/// A vault cannot do what was asked, or does not hold what is needed. The message is one sentence
/// for an operator: which file, what is wrong, what to do. It never holds a secret, and what was
/// stored before is still stored.
public final class VaultException extends Exception {
  public VaultException(String message) {
    super(message);
  }

  VaultException(String message, Throwable cause) {
    super(message, cause);
  }
}
