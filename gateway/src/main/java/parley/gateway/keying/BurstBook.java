package parley.gateway.keying;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import parley.mikey.group.VerifiedAnnouncement;

/// The bursts that run in one group, by CSB ID. Confined to the group's loop, but for [#peek]; a
/// handful of entries, so a scan answers every other question.
final class BurstBook {
  private final Map<Integer, RunningBurst> byCsb = new LinkedHashMap<>();
  private final Map<Integer, RunningBurst> seen = new ConcurrentHashMap<>();

  @Nullable RunningBurst find(int csbId) {
    return byCsb.get(csbId);
  }

  /// The same for any thread, which may come too late or too early.
  @Nullable RunningBurst peek(int csbId) {
    return seen.get(csbId);
  }

  void add(RunningBurst burst) {
    if (byCsb.putIfAbsent(burst.csbId(), burst) != null) {
      throw new IllegalStateException("a burst with this CSB ID runs already");
    }
    seen.put(burst.csbId(), burst);
  }

  void remove(RunningBurst burst) {
    byCsb.remove(burst.csbId(), burst);
    seen.remove(burst.csbId(), burst);
  }

  /// A copy, so that the caller may end bursts while it walks.
  List<RunningBurst> all() {
    return List.copyOf(byCsb.values());
  }

  /// Different talkers, those whom gateways carry among them.
  int talkers() {
    return (int) byCsb.values().stream().map(b -> b.origin.talker()).distinct().count();
  }

  int size() {
    return byCsb.size();
  }

  @Nullable RunningBurst of(RunningBurst.Speaker speaker) {
    return first(b -> b.speaker.equals(speaker));
  }

  @Nullable RunningBurst of(RunningBurst.Origin origin) {
    return first(b -> b.origin.equals(origin));
  }

  /// A burst whose packets could not be told from those of `a`: an SSRC in common, and the same MKI
  /// or none. Equal SSRCs under different MKIs do no harm, every stream has keys of its own.
  @Nullable RunningBurst confusedWith(VerifiedAnnouncement a) {
    return first(b -> sharesAnSsrc(b, a) && sharesTheMki(b.burst.announcement(), a));
  }

  private static boolean sharesAnSsrc(RunningBurst b, VerifiedAnnouncement a) {
    return b.burst.streams().stream()
        .anyMatch(s -> a.sessions().stream().anyMatch(cs -> cs.ssrc() == s.ssrc()));
  }

  private static boolean sharesTheMki(VerifiedAnnouncement a, VerifiedAnnouncement b) {
    return SrtpKeying.mkiOctets(a) == 0 || SrtpKeying.mkiOctets(b) == 0 || a.gskId() == b.gskId();
  }

  private @Nullable RunningBurst first(Predicate<RunningBurst> wanted) {
    for (RunningBurst burst : byCsb.values()) {
      if (wanted.test(burst)) {
        return burst;
      }
    }
    return null;
  }
}
