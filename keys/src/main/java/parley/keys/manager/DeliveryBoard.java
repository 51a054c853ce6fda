package parley.keys.manager;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import parley.mikey.identity.Identity;

/// The delivery board of a group in memory: who was sent which GMK, and who has said so. A line
/// stands in the vault before it is put here. Guarded by its [GroupManager].
final class DeliveryBoard {
  private final Map<Integer, Map<Identity, BoardEntry>> byGmk = new HashMap<>();

  DeliveryBoard(Collection<BoardEntry> stored) {
    put(stored);
  }

  void put(Collection<BoardEntry> entries) {
    entries.forEach(entry ->
        byGmk.computeIfAbsent(entry.gmkId(), _ -> new LinkedHashMap<>()).put(entry.ue(), entry));
  }

  void remove(Collection<BoardEntry> entries) {
    for (BoardEntry entry : entries) {
      Map<Identity, BoardEntry> ofGmk = byGmk.getOrDefault(entry.gmkId(), Map.of());
      ofGmk.remove(entry.ue(), entry);
      if (ofGmk.isEmpty()) {
        byGmk.remove(entry.gmkId());
      }
    }
  }

  Optional<BoardEntry> find(int gmkId, Identity ue) {
    return Optional.ofNullable(of(gmkId).get(ue));
  }

  private Map<Identity, BoardEntry> of(int gmkId) {
    return byGmk.getOrDefault(gmkId, Map.of());
  }

  boolean knows(int gmkId, Identity ue) {
    return of(gmkId).containsKey(ue);
  }

  /// The lines of one UE.
  List<BoardEntry> of(Identity ue) {
    return byGmk.keySet().stream().flatMap(gmkId -> find(gmkId, ue).stream()).toList();
  }

  List<BoardEntry> pending(int gmkId) {
    return of(gmkId).values().stream().filter(entry -> !entry.isConfirmed()).toList();
  }

  List<BoardEntry> all(Predicate<BoardEntry> wanted) {
    return byGmk.values().stream()
        .flatMap(ofGmk -> ofGmk.values().stream())
        .filter(wanted)
        .toList();
  }
}
