package parley.gateway.keying;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Jobs that wait, taken from one group after the other, within a group from one source after the
/// other, and of one source the newest first.
///
/// The group comes first because a job's MAC has proved it, while an address proves nothing:
/// whoever floods with the key of one group takes that group's turns only, by however many
/// addresses, and a trunk that brings hundreds of groups from one address has the turns of them
/// all. The newest comes first because what it overtakes then costs nothing: when repeats come
/// faster than they can be verified, those that are verified are fresh. Confined to whoever holds
/// the lock of the [VerifyPool].
final class FairQueue {
  private final PoolBounds bounds;
  private final SequencedMap<Object, Group> groups = new LinkedHashMap<>();
  private int waiting;

  FairQueue(PoolBounds bounds) {
    this.bounds = bounds;
  }

  /// What waits of one group; its sources in the order of their turns.
  private static final class Group {
    final SequencedMap<Object, ArrayDeque<Runnable>> sources = new LinkedHashMap<>();
    int waiting;
  }

  /// False when this source, its group or the whole has no room.
  boolean offer(Object group, Object source, Runnable job) {
    Group jobs = groups.get(group);
    ArrayDeque<Runnable> line = jobs == null ? null : jobs.sources.get(source);
    if (waiting >= bounds.total()
        || (jobs != null && jobs.waiting >= bounds.perGroup())
        || (line != null && line.size() >= bounds.perSource())) {
      return false;
    }
    Group charged = groups.computeIfAbsent(group, _ -> new Group());
    charged.sources.computeIfAbsent(source, _ -> new ArrayDeque<>()).add(job);
    charged.waiting++;
    waiting++;
    return true;
  }

  /// The job whose turn it is, or null when none waits.
  @Nullable Runnable poll() {
    Map.Entry<Object, Group> next = groups.pollFirstEntry();
    if (next == null) {
      return null;
    }
    Group group = next.getValue();
    Map.Entry<Object, ArrayDeque<Runnable>> line = group.sources.pollFirstEntry();
    Runnable job = line.getValue().removeLast();
    if (!line.getValue().isEmpty()) {
      group.sources.putLast(line.getKey(), line.getValue());
    }
    group.waiting--;
    if (group.waiting > 0) {
      groups.putLast(next.getKey(), group);
    }
    waiting--;
    return job;
  }

  int size() {
    return waiting;
  }

  void clear() {
    groups.clear();
    waiting = 0;
  }
}
