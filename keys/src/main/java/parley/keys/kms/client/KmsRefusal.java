package parley.keys.kms.client;

/// A KMS did not give what was asked for, or what came is not good. One sentence for the user.
public final class KmsRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  /// What can be done about it.
  public enum Kind {
    /// The KMS does not know us: enrol.
    NOT_KNOWN,
    /// It knows us and says no; the message is its sentence.
    REFUSED,
    /// It is too busy or cannot issue; ask again later.
    LATER,
    /// What came is not what this KMS may send; nothing of it is used.
    NOT_GOOD
  }

  KmsRefusal(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
