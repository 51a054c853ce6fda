package parley.gateway.demo;

/// What became of an attack.
///
/// @param refused how far the counter of its reason has risen
record AttackResult(Attack attack, long refused) {
  boolean isRefused() {
    return refused >= attack.packets();
  }

  @Override
  public String toString() {
    return "%s: %d sent, %d refused as %s"
        .formatted(attack.what(), attack.packets(), refused, attack.reason());
  }
}
