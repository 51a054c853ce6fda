package parley.gateway.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An administrative act that was not done: one sentence for the operator, and what kind of thing
/// is in its way. Nothing has changed.
public final class ControlRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /// What is in the way.
  public enum Kind {
    /// There is no such group, talker or leg.
    UNKNOWN,
    /// What was asked for, or the file that was to be read, is wrong.
    INVALID,
    /// It cannot be done in the present state.
    CONFLICT,
    /// A port, a loop or a file that it needs cannot be had now.
    UNAVAILABLE
  }

  private final Kind kind;
  private final transient List<String> findings;

  public ControlRefused(Kind kind, String sentence) {
    this(kind, sentence, List.of(), null);
  }

  /// @param findings one sentence each, where more than one thing is wrong
  public ControlRefused(
      Kind kind, String sentence, List<String> findings, @Nullable Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
    this.findings = List.copyOf(findings);
  }

  public static ControlRefused unknownGroup(String uri) {
    return new ControlRefused(
        Kind.UNKNOWN, uri + " is none of this gateway's groups; see their list");
  }

  public Kind kind() {
    return kind;
  }

  public List<String> findings() {
    return findings;
  }
}
