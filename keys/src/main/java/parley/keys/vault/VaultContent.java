package parley.keys.vault;

import java.util.List;

/// What an open vault holds: the records of the snapshot with the journal's entries applied, and
/// where in the file the next entry belongs.
///
/// Changed only behind the file, by what has become durable there. The vault's lock guards it.
final class VaultContent {
  /// How long the journal of even the smallest snapshot may grow.
  static final int JOURNAL_FLOOR_OCTETS = 256 << 10;

  private final VaultHeader header;
  private final VaultRecords records;
  private final int snapshotOctets;
  private long counter;
  private byte[] link;
  private int octets;

  /// The content of a file that holds only `snapshot`, whose records it takes over.
  VaultContent(VaultSnapshot snapshot) {
    header = snapshot.header();
    records = snapshot.records();
    snapshotOctets = snapshot.length();
    counter = snapshot.counter();
    link = snapshot.mac();
    octets = snapshotOctets;
  }

  VaultHeader header() {
    return header;
  }

  VaultRecords records() {
    return records;
  }

  long counter() {
    return counter;
  }

  /// How long the file is as far as it is whole.
  int octets() {
    return octets;
  }

  /// True when the entry of `changes` may be appended. Otherwise the file is written anew as a
  /// snapshot: so the journal stays within the size of the snapshot, a file within twice what it
  /// holds, and all rewriting together within a constant factor of what was appended.
  boolean hasRoomFor(List<SealedChange> changes) {
    long journal = (long) octets - snapshotOctets + JournalEntry.octetsFor(changes);
    return header.hasJournal() && journal <= Math.max(JOURNAL_FLOOR_OCTETS, snapshotOctets);
  }

  /// The next entry of the journal, to be written at [#octets].
  JournalEntry next(List<SealedChange> changes, VaultKeys keys) {
    return JournalEntry.of(counter + 1, link, changes, keys);
  }

  /// True when `entry` is the next one, if it is authentic.
  boolean isFollowedBy(JournalEntry entry) {
    return entry.counter() == counter + 1 && entry.hangsOn(link);
  }

  /// The next entry, which says `changes`, is in the file.
  void advance(JournalEntry entry, List<SealedChange> changes) {
    records.apply(changes);
    counter = entry.counter();
    link = entry.mac();
    octets += entry.length();
  }
}
