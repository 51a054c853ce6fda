package parley.gateway.keying;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// The rules of one group, as the operator set them.
///
/// `policies` is never empty; the first one is what this gateway announces when it carries a talker
/// into the group. `window` is how far T may be from now, `grace` how long bursts under an older
/// GMK go on after a newer one became current. `mkiOptional` allows senders that cannot write an
/// MKI. `joins` bounds the receivers that join by themselves; null where none may.
public record GroupKeyingSettings(
    Identity self,
    Identity group,
    List<MediaPolicy> policies,
    Duration window,
    Duration grace,
    int maxTalkers,
    boolean mkiOptional,
    @Nullable JoinSettings joins) {

  public static final Duration DEFAULT_WINDOW = Duration.ofSeconds(60);
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  public GroupKeyingSettings {
    policies = List.copyOf(policies);
    if (policies.isEmpty() || maxTalkers < 1) {
      throw new IllegalArgumentException("a group needs a policy and room for a talker");
    }
  }

  /// Of a group that nobody may join by himself.
  public GroupKeyingSettings(
      Identity self,
      Identity group,
      List<MediaPolicy> policies,
      Duration window,
      Duration grace,
      int maxTalkers,
      boolean mkiOptional) {
    this(self, group, policies, window, grace, maxTalkers, mkiOptional, null);
  }
}
