package parley.gateway.ue;

/// Who wants to know what a listener hears. Called on the group's loop; may not block.
public interface Ear {
  /// Somebody, whose announcement is verified, begins to speak.
  default void begins(HeardBurst burst) {}

  /// The burst is over and complete.
  void ended(HeardBurst burst);
}
