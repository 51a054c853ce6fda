package parley.mikey.group;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import parley.mikey.identity.Identity;

/// The group master keys that a member holds, by group and id. Thread-safe: readers never wait.
///
/// Owns what was added to it. A key that was renewed stays readable until the book closes, because
/// a message under it may be on its way through another thread.
public final class GmkBook implements AutoCloseable {
  /// What became of a key that was to be added.
  public enum Addition {
    /// The book knows it now.
    NEW,
    /// The same octets under the same id were there; their newer T, period and status now hold.
    RENEWED,
    /// The same octets were there with a T at least as high; nothing changed, the caller keeps the
    /// key.
    UNCHANGED,
    /// Other octets stand under this group and id; refused, the caller keeps the key.
    COLLISION
  }

  private final Map<Identity, List<GroupMasterKey>> byGroup = new ConcurrentHashMap<>();
  private final List<GroupMasterKey> renewed = new ArrayList<>();

  /// Adds a key and takes it over, if the answer is [Addition#NEW] or [Addition#RENEWED].
  public synchronized Addition add(GroupMasterKey gmk) {
    Optional<GroupMasterKey> known = find(gmk.group(), gmk.gmkId());
    if (known.isEmpty()) {
      replace(gmk);
      return Addition.NEW;
    }
    if (!known.get().key().equals(gmk.key())) {
      return Addition.COLLISION;
    }
    if (gmk.issued().compareTo(known.get().issued()) <= 0) {
      return Addition.UNCHANGED;
    }
    renewed.add(known.get());
    replace(gmk);
    return Addition.RENEWED;
  }

  /// Puts `gmk` in the place of its id, highest T first.
  private void replace(GroupMasterKey gmk) {
    var keys = new ArrayList<>(all(gmk.group()));
    keys.removeIf(key -> key.gmkId() == gmk.gmkId());
    keys.add(gmk);
    keys.sort(Comparator.comparing(GroupMasterKey::issued).reversed());
    byGroup.put(gmk.group(), List.copyOf(keys));
  }

  /// Forgets a group's keys; like a renewed key they stay readable until the book closes.
  public synchronized void forget(Identity group) {
    renewed.addAll(all(group));
    byGroup.remove(group);
  }

  public Optional<GroupMasterKey> find(Identity group, int gmkId) {
    return all(group).stream().filter(key -> key.gmkId() == gmkId).findFirst();
  }

  /// The one to send under: of the keys whose period is open, that of the highest T.
  public Optional<GroupMasterKey> current(Identity group, Instant now) {
    return all(group).stream().filter(key -> key.isOpen(now)).findFirst();
  }

  /// All keys of a group, highest T first; a snapshot.
  public List<GroupMasterKey> all(Identity group) {
    return byGroup.getOrDefault(group, List.of());
  }

  /// Zeroes every key this book ever held.
  @Override
  public synchronized void close() {
    byGroup.values().forEach(keys -> keys.forEach(GroupMasterKey::close));
    renewed.forEach(GroupMasterKey::close);
    byGroup.clear();
    renewed.clear();
  }
}
