package parley.keys.enrol;

import org.jspecify.annotations.Nullable;

/// No keys could be fetched; what was there is as it was. One sentence for the operator.
public final class NotEnrolled extends Exception {
  private static final long serialVersionUID = 1;

  /// Who can do something about it.
  public enum Kind {
    /// The KMS cannot be reached, or not now: ask again later.
    LATER,
    /// The KMS does not know us: a ticket that is used up, a certificate it does not have.
    NOT_KNOWN,
    /// The KMS says no.
    REFUSED,
    /// What came is not good, or the KMS is not the one that is known.
    NOT_GOOD,
    /// TLS or its files: the wrong CA, for one.
    TLS,
    /// The vault does not take it.
    VAULT,
    /// A port for pushes cannot be had.
    PORT
  }

  private final Kind kind;

  public NotEnrolled(Kind kind, @Nullable String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /// What is wrong, where, and what to do.
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
