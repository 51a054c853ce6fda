package parley.gateway;

import org.jspecify.annotations.Nullable;

/// A gateway that cannot start: one sentence for the operator, and what kind of thing is wrong.
///
/// Nothing stays open and nothing stored was changed when this is thrown.
public final class StartRefused extends Exception {
  /// What must be mended.
  public enum Kind {
    CONFIGURATION,
    VAULT,
    PORT,
    KEYS,
    CLOCK,
    RECORDINGS
  }

  private final Kind kind;

  public StartRefused(Kind kind, @Nullable String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
