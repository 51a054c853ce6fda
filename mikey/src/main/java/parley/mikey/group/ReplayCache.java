package parley.mikey.group;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import parley.mikey.identity.Identity;
import parley.mikey.message.Octets;

/// Which announcements were accepted lately (RFC 3830, 5.4), by SHA-256 of their signed octets.
///
/// Only verified messages come in, so nobody can fill another talker's share. A full share refuses
/// its talker and forgets nothing early. Confined to the loop that owns the group.
public final class ReplayCache {
  /// Four repeats in the first two seconds and one every two seconds after, for many short bursts.
  public static final int DEFAULT_PER_TALKER = 512;

  private final int perTalker;
  private Duration keep;
  private final Set<Octets> accepted = new HashSet<>();
  private final Map<Identity, Integer> byTalker = new HashMap<>();
  private final ArrayDeque<Entry> inOrder = new ArrayDeque<>();

  private record Entry(Octets key, Identity talker, Instant accepted) {}

  private ReplayCache(int perTalker, Duration keep) {
    this.perTalker = perTalker;
    this.keep = keep;
  }

  /// A cache for messages whose T lies within `window` of now: it remembers them for two windows.
  public static ReplayCache of(int perTalker, Duration window) {
    return new ReplayCache(perTalker, window.multipliedBy(2));
  }

  /// Remembers for two of these windows from now on, what is in it already among them.
  void window(Duration window) {
    keep = window.multipliedBy(2);
  }

  boolean contains(Octets key) {
    return accepted.contains(key);
  }

  boolean hasRoom(Identity talker) {
    return byTalker.getOrDefault(talker, 0) < perTalker;
  }

  void add(Octets key, Identity talker, Instant now) {
    if (accepted.add(key)) {
      byTalker.merge(talker, 1, Integer::sum);
      inOrder.add(new Entry(key, talker, now));
    }
  }

  /// Drops what is older than two windows. The clock may step back; then entries stay longer.
  void forget(Instant now) {
    Entry oldest = inOrder.peek();
    while (oldest != null && oldest.accepted().plus(keep).isBefore(now)) {
      inOrder.remove();
      accepted.remove(oldest.key());
      byTalker.computeIfPresent(oldest.talker(), (_, count) -> count > 1 ? count - 1 : null);
      oldest = inOrder.peek();
    }
  }

  int size() {
    return accepted.size();
  }
}
