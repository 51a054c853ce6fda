package parley.keys.audit;

/// Where every administrative act is noted, done or refused, before its answer goes out.
///
/// Any thread. An act that cannot be noted is not to be done: [#note] throws then.
public interface AuditTrail {
  /// @param actor who asked: `token ops`, `certificate CN=…`, `loopback`, `SIGHUP`
  /// @param act `reload`, `drain`, `mute` …
  /// @param target what it was about, a group or a talker; empty for the server itself
  /// @param outcome `begun`, `done`, or `refused: ` and why
  /// @throws java.io.UncheckedIOException when it cannot be kept
  void note(String actor, String act, String target, String outcome);

  /// How often that was so, since the start.
  default long failures() {
    return 0;
  }

  static AuditTrail none() {
    return (_, _, _, _) -> {};
  }
}
