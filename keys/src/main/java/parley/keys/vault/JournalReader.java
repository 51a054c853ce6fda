package parley.keys.vault;

/// Plays the journal of a vault file onto its snapshot, and decides what an end is that does not
/// hold.
///
/// Each write is forced to the device before the next one begins, so at most the last entry of a
/// file is one that nobody was told of. A power cut may leave anything of it: a part, zeros, some
/// of its sectors and not others, also its whole length. A rule that looks at lengths alone would
/// either refuse the start after such a cut, or take one bad octet in the middle for a torn end and
/// drop every write behind it. So the question is put to the octets behind:
///
/// - **An authentic entry lies there** that is newer than the last one played. Then what does not
///   hold was acknowledged, or entries were dropped or exchanged: the vault is damaged.
/// - **None lies there.** Then what does not hold is the last write, and it is taken for one that
///   was torn before it was acknowledged: it is not there. Whoever cuts or spoils the last entry on
///   purpose reaches the same as by an older copy, no more; the mark in `<vault>.lock` betrays both
///   ([Vault#open]), and betrays a last entry that was acknowledged and spoilt by the device.
///
/// An entry that was played before and lies behind the end once more is garbage of the second kind:
/// the state is the newest, and the next write cuts it off.
final class JournalReader {
  /// No disk holds more entries.
  private static final long MOST_DROPPED = 1L << 32;

  /// In random octets fewer than one place in 2^36 looks like the head of a newer entry; a file
  /// with more of them than this was made to keep us busy.
  private static final int MOST_FALSE_HEADS = 100;

  private final byte[] file;
  private final VaultKeys keys;
  private final VaultContent content;

  private JournalReader(byte[] file, VaultKeys keys, VaultContent content) {
    this.file = file;
    this.keys = keys;
    this.content = content;
  }

  /// The content of `file`, which begins with `snapshot`; what lies behind [VaultContent#octets] is
  /// not there.
  static VaultContent play(byte[] file, VaultSnapshot snapshot, VaultKeys keys)
      throws DamagedVault {
    var content = new VaultContent(snapshot);
    var reader = new JournalReader(file, keys, content);
    reader.play();
    reader.requireNoneNewerBehind();
    return content;
  }

  private void play() throws DamagedVault {
    var next = JournalEntry.at(content.octets(), file);
    while (next.isPresent() && content.isFollowedBy(next.get()) && next.get().isAuthentic(keys)) {
      content.advance(next.get(), next.get().changes());
      next = JournalEntry.at(content.octets(), file);
    }
  }

  private void requireNoneNewerBehind() throws DamagedVault {
    int falseHeads = 0;
    for (int at = content.octets(); at <= file.length - JournalEntry.LEAST_OCTETS; at++) {
      var found = JournalEntry.at(at, file);
      if (found.isPresent() && mayBeNewer(found.get())) {
        if (falseHeads == MOST_FALSE_HEADS || found.get().isAuthentic(keys)) {
          throw new DamagedVault(
              "write %d is missing or spoilt, and was not the last"
                  .formatted(content.counter() + 1));
        }
        falseHeads++;
      }
    }
  }

  /// However many entries were dropped before it.
  private boolean mayBeNewer(JournalEntry entry) {
    long newer = entry.counter() - content.counter();
    return newer > 0 && newer <= MOST_DROPPED;
  }
}
