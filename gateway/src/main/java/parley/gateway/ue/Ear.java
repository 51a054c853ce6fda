package parley.gateway.ue;

/// Who wants to know what a listener hears. Called on the group's loop unless it says otherwise;
/// may not block.
public interface Ear {
  /// Somebody, whose announcement is verified, begins to speak.
  default void begins(HeardBurst burst) {}

  /// A program that played a burst has ended. Any thread.
  default void played(String speaker, int exitCode) {}

  /// A burst could not be handed to a program. Any thread.
  default void notPlayed(String speaker, String why) {}

  /// What became of joining a gateway's relay, a sentence for people.
  default void relay(String sentence) {}

  /// What happens to the group's keys: a GMK came, somebody invites, the manager has answered. A
  /// sentence for people. Any thread.
  default void keys(String sentence) {}

  /// The burst is over and complete.
  void ended(HeardBurst burst);
}
