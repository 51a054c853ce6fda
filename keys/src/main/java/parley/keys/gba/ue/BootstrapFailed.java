package parley.keys.gba.ue;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// No bootstrap, or no use of it. The message is one sentence: where, what is wrong, what to do.
///
/// An [IOException], because it ends a request as a broken connection does.
public final class BootstrapFailed extends IOException {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  /// What can be done about it.
  public enum Kind {
    /// A server cannot be reached, or not now: ask again later.
    LATER,
    /// A server does not take this SIM or its key: its operator has to know it.
    NOT_KNOWN,
    /// What came is not what this server may send; nothing of it is used.
    NOT_GOOD
  }

  BootstrapFailed(Kind kind, String message) {
    this(kind, message, null);
  }

  BootstrapFailed(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
