package parley.keys.gba.bsf;

import java.time.Duration;
import java.util.Set;
import parley.keys.gba.Fqdn;

/// How one BSF works.
///
/// @param fqdn its name: the realm of Ub, and the end of each B-TID
/// @param lifetime of a bootstrap, one minute to seven days
/// @param pushLifetime of a pushed key, which is used once and at once
/// @param nafs the NAFs that get keys; empty for every one whose certificate is good
/// @param pushers the NAFs that may push
public record BsfSettings(
    Fqdn fqdn, Duration lifetime, Duration pushLifetime, Set<Fqdn> nafs, Set<Fqdn> pushers) {
  public static final Duration LONGEST = Duration.ofDays(7);
  public static final Duration SHORTEST = Duration.ofMinutes(1);

  public BsfSettings {
    requireIn(lifetime, "lifetime");
    requireIn(pushLifetime, "pushLifetime");
    nafs = Set.copyOf(nafs);
    pushers = Set.copyOf(pushers);
  }

  /// For every NAF whose certificate is good.
  public BsfSettings(Fqdn fqdn, Duration lifetime, Duration pushLifetime, Set<Fqdn> pushers) {
    this(fqdn, lifetime, pushLifetime, Set.of(), pushers);
  }

  /// A day for bootstraps, an hour for pushed keys.
  public static BsfSettings of(Fqdn fqdn, Set<Fqdn> pushers) {
    return new BsfSettings(fqdn, Duration.ofDays(1), Duration.ofHours(1), pushers);
  }

  private static void requireIn(Duration time, String name) {
    if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " is one minute to seven days, not " + time);
    }
  }
}
