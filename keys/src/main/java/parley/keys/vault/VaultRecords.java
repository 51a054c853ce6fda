package parley.keys.vault;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The records of a vault, sealed, in order of type and name.
///
/// Changed in place, so that an edit costs its own size; the owner's lock guards them.
final class VaultRecords {
  private final NavigableMap<String, SealedRecord> byKey;
  private long octets;

  VaultRecords() {
    this(new TreeMap<>(), 0);
  }

  private VaultRecords(NavigableMap<String, SealedRecord> byKey, long octets) {
    this.byKey = byKey;
    this.octets = octets;
  }

  /// Adds a record behind all others.
  void append(SealedRecord record) throws DamagedVault {
    if (!byKey.isEmpty() && record.key().compareTo(byKey.lastKey()) <= 0) {
      throw new DamagedVault("its records are not in order");
    }
    put(record);
  }

  Optional<SealedRecord> find(String type, String name) {
    return Optional.ofNullable(byKey.get(SealedRecord.key(type, name)));
  }

  /// The names of a type that begin with `prefix`, in order; looks at these alone.
  List<String> names(String type, String prefix) {
    String start = SealedRecord.key(type, prefix);
    return byKey.tailMap(start).values().stream()
        .takeWhile(record -> record.key().startsWith(start))
        .map(SealedRecord::name)
        .toList();
  }

  Collection<SealedRecord> all() {
    return Collections.unmodifiableCollection(byKey.values());
  }

  int size() {
    return byKey.size();
  }

  /// What the records take when written.
  long octets() {
    return octets;
  }

  /// What they would take after `changes`, which are of different records.
  long octetsAfter(Collection<SealedChange> changes) {
    long after = octets;
    for (SealedChange change : changes) {
      after -= writtenOctets(byKey.get(change.key()));
      if (change instanceof SealedChange.Stored(SealedRecord record)) {
        after += record.writtenOctets();
      }
    }
    return after;
  }

  void apply(Collection<SealedChange> changes) {
    for (SealedChange change : changes) {
      switch (change) {
        case SealedChange.Stored(SealedRecord record) -> put(record);
        case SealedChange.Removed removed -> octets -= writtenOctets(byKey.remove(removed.key()));
      }
    }
  }

  /// A copy with `changes`.
  VaultRecords with(Collection<SealedChange> changes) {
    var copy = new VaultRecords(new TreeMap<>(byKey), octets);
    copy.apply(changes);
    return copy;
  }

  void write(ByteBuffer out) {
    byKey.values().forEach(record -> record.write(out));
  }

  /// Adds a record, or puts it in the place of the former one.
  void put(SealedRecord record) {
    octets += record.writtenOctets() - writtenOctets(byKey.put(record.key(), record));
  }

  private static int writtenOctets(@Nullable SealedRecord record) {
    return record == null ? 0 : record.writtenOctets();
  }
}
