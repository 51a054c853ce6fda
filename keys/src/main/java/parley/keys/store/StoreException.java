package parley.keys.store;

/// A database cannot do what was asked. The message is one sentence for an operator: which
/// database, what is wrong, what to do. What the transaction had done is undone, unless the
/// sentence says that nobody knows.
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1;

  StoreException(String message) {
    super(message);
  }

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
