package parley.gateway.admin;

import org.jspecify.annotations.Nullable;

/// Certificates or tokens that the admin server cannot use: one sentence that begins with the path
/// of the setting.
public final class AccessRefused extends Exception {
  private static final long serialVersionUID = 1L;

  AccessRefused(String setting, String sentence) {
    this(setting, sentence, null);
  }

  AccessRefused(String setting, String sentence, @Nullable Throwable cause) {
    super(setting + ": " + sentence, cause);
  }
}
