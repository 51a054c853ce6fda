package parley.keys.vault;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One edit as it lies in the journal behind the snapshot.
///
/// ```
/// octets of the entry 4 | counter 8 | link 32 | number of changes 4 | changes ... | HMAC-SHA-256 32
/// ```
///
/// The link is the HMAC of the entry before, for the first entry that of the snapshot, so snapshot
/// and journal are one chain: no entry can be dropped from the middle, exchanged, reordered or
/// brought back alone. The HMAC covers all of the entry before it, the link too. The link is
/// written down, not only hashed, so that an entry can be known for authentic when the one before
/// it is damaged: [JournalReader] needs that.
///
/// A view of octets that lie in `file` from `at` on; whoever made them is asked by [#isAuthentic].
final class JournalEntry {
  private static final int COUNTER_AT = 4;
  private static final int LINK_AT = COUNTER_AT + 8;
  private static final int NUMBER_AT = LINK_AT + VaultKeys.MAC_OCTETS;
  static final int LEAST_OCTETS = NUMBER_AT + 4 + VaultKeys.MAC_OCTETS;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] file;
  private final int at;
  private final int length;

  private JournalEntry(byte[] file, int at, int length) {
    this.file = file;
    this.at = at;
    this.length = length;
  }

  /// How long the entry of `changes` is.
  static long octetsFor(List<SealedChange> changes) {
    return LEAST_OCTETS + changes.stream().mapToLong(SealedChange::writtenOctets).sum();
  }

  static JournalEntry of(long counter, byte[] link, List<SealedChange> changes, VaultKeys keys) {
    var out = ByteBuffer.allocate(Math.toIntExact(octetsFor(changes)));
    out.putInt(out.capacity()).putLong(counter).put(link).putInt(changes.size());
    changes.forEach(change -> change.write(out));
    out.put(keys.entryMac(out.array(), 0, out.position()));
    return new JournalEntry(out.array(), 0, out.capacity());
  }

  /// What lies in `file` from `at` on, if by its length it ends within the file.
  static Optional<JournalEntry> at(int at, byte[] file) {
    int room = file.length - at;
    if (room < LEAST_OCTETS) {
      return Optional.empty();
    }
    int length = (int) INT.get(file, at);
    return length >= LEAST_OCTETS && length <= room
        ? Optional.of(new JournalEntry(file, at, length))
        : Optional.empty();
  }

  int length() {
    return length;
  }

  long counter() {
    return (long) LONG.get(file, at + COUNTER_AT);
  }

  /// True when it was written behind what has this HMAC.
  boolean hangsOn(byte[] mac) {
    return Arrays.equals(file, at + LINK_AT, at + NUMBER_AT, mac, 0, mac.length);
  }

  /// What the entry behind it hangs on.
  byte[] mac() {
    return Arrays.copyOfRange(file, macAt(), macAt() + VaultKeys.MAC_OCTETS);
  }

  /// True when somebody wrote it who held the data key, wherever it belongs.
  boolean isAuthentic(VaultKeys keys) {
    return MessageDigest.isEqual(keys.entryMac(file, at, macAt() - at), mac());
  }

  /// What an authentic entry says.
  List<SealedChange> changes() throws DamagedVault {
    var in = ByteBuffer.wrap(file, at + NUMBER_AT, macAt() - at - NUMBER_AT);
    try {
      int number = in.getInt();
      var changes = new ArrayList<SealedChange>();
      for (int i = 0; i < number; i++) {
        changes.add(SealedChange.read(in));
      }
      if (in.hasRemaining()) {
        throw new DamagedVault("octets follow the last change of write " + counter());
      }
      return changes;
    } catch (BufferUnderflowException _) {
      throw new DamagedVault("write " + counter() + " ends too early");
    }
  }

  /// The octets of one that [#of] made; not a copy.
  byte[] octets() {
    return file;
  }

  private int macAt() {
    return at + length - VaultKeys.MAC_OCTETS;
  }
}
