package parley.mikey.group;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// What an [AnnouncementGate] lets pass for one group.
///
/// `window` is how far T may lie from now, to both sides. `own` is who we announce as, null for a
/// mere listener. Only a T later than `notBefore`, the start of this receiver, passes. `withoutMki`
/// admits bursts whose packets carry no MKI.
public record GateRules(
    Identity group,
    Set<MediaPolicy> allowed,
    Duration window,
    @Nullable Identity own,
    Instant notBefore,
    boolean withoutMki) {
  public static final Duration DEFAULT_WINDOW = Duration.ofSeconds(60);

  public GateRules {
    allowed = Set.copyOf(allowed);
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("a window of " + window + " admits nothing");
    }
  }

  /// The usual rules: 60 s to both sides, and an MKI in every packet.
  public static GateRules of(
      Identity group, Set<MediaPolicy> allowed, @Nullable Identity own, Instant notBefore) {
    return new GateRules(group, allowed, DEFAULT_WINDOW, own, notBefore, false);
  }
}
