package parley.gateway.keying;

/// How many jobs may wait in one queue of a [VerifyPool]: of one source in one group, of one group,
/// and of all together.
public record PoolBounds(int perSource, int perGroup, int total) {
  public PoolBounds {
    if (perSource < 1 || perGroup < perSource || total < perGroup) {
      throw new IllegalArgumentException("1 <= per source <= per group <= total");
    }
  }

  /// For jobs of which no group is known: each source is its own.
  public static PoolBounds bySource(int perSource, int total) {
    return new PoolBounds(perSource, perSource, total);
  }
}
