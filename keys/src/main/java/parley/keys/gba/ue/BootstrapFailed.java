package parley.keys.gba.ue;

import org.jspecify.annotations.Nullable;

/// No bootstrap. The message is one sentence: where, what is wrong, what to do.
public final class BootstrapFailed extends Exception {
  private static final long serialVersionUID = 1;

  BootstrapFailed(String message) {
    super(message);
  }

  BootstrapFailed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
