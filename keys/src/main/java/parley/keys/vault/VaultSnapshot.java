package parley.keys.vault;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// The first part of a vault file: all records as they were at one write.
///
/// ```
/// header | octets of the snapshot 4 | counter 8 | number of records 4 | records in order ...
///     | HMAC-SHA-256 32 | SHA-256 32
/// ```
///
/// The HMAC under the data key makes the set of records one thing: none can be dropped, exchanged
/// or brought back alone. The plain digest behind it tells damage from a wrong passphrase before
/// Argon2id is paid for. Behind the snapshot lies the journal: [JournalEntry].
///
/// Schema 1 had no journal: the snapshot is the file, and the 4 octets of its length are missing.
final class VaultSnapshot {
  /// The most that the content of a vault may take, written as a snapshot.
  static final int MOST_OCTETS = 64 << 20;

  private static final int DIGEST_OCTETS = 32;
  private static final int FIXED_OCTETS = 8 + 4 + VaultKeys.MAC_OCTETS + DIGEST_OCTETS;

  private final VaultHeader header;
  private final long counter;
  private final VaultRecords records;
  private final byte[] octets; // begin with the snapshot, and end with it where it was made here
  private final int macAt;

  private VaultSnapshot(
      VaultHeader header, long counter, VaultRecords records, byte[] octets, int macAt) {
    this.header = header;
    this.counter = counter;
    this.records = records;
    this.octets = octets;
    this.macAt = macAt;
  }

  /// The snapshot of `records`, which it takes over; they fit, see [#octetsFor].
  static VaultSnapshot of(VaultHeader header, long counter, VaultRecords records, VaultKeys keys) {
    VaultHeader written = header.withJournal();
    var out = ByteBuffer.allocate(Math.toIntExact(octetsFor(written, records.octets())));
    written.write(out);
    out.putInt(out.capacity()).putLong(counter).putInt(records.size());
    records.write(out);
    int macAt = out.position();
    out.put(keys.mac(out.array(), macAt));
    out.put(digest(out.array(), out.position()));
    return new VaultSnapshot(written, counter, records, out.array(), macAt);
  }

  /// How long a snapshot is whose records take `recordOctets`.
  static long octetsFor(VaultHeader header, long recordOctets) {
    return header.octets() + 4 + FIXED_OCTETS + recordOctets;
  }

  /// Reads the start of `file`. Checks the digest and the structure, not the keys: that is
  /// [#requireAuthentic].
  static VaultSnapshot read(byte[] file) throws DamagedVault {
    var in = ByteBuffer.wrap(file);
    try {
      VaultHeader header = VaultHeader.read(in);
      int length = header.hasJournal() ? in.getInt() : file.length;
      int macAt = length - DIGEST_OCTETS - VaultKeys.MAC_OCTETS;
      if (length > file.length || macAt < in.position()) {
        throw new DamagedVault("its length is not the one it names");
      }
      requireDigest(file, length);
      in.limit(macAt);
      return new VaultSnapshot(header, in.getLong(), readRecords(in), file, macAt);
    } catch (BufferUnderflowException _) {
      throw new DamagedVault("it ends too early");
    }
  }

  private static void requireDigest(byte[] octets, int length) throws DamagedVault {
    int at = length - DIGEST_OCTETS;
    if (!MessageDigest.isEqual(digest(octets, at), Arrays.copyOfRange(octets, at, length))) {
      throw new DamagedVault("its digest does not match its content");
    }
  }

  private static VaultRecords readRecords(ByteBuffer in) throws DamagedVault {
    var records = new VaultRecords();
    int count = in.getInt();
    for (int i = 0; i < count; i++) {
      records.append(SealedRecord.read(in));
    }
    if (in.hasRemaining()) {
      throw new DamagedVault("octets follow its last record");
    }
    return records;
  }

  /// Refuses what was not written by somebody who held the data key.
  void requireAuthentic(VaultKeys keys) throws DamagedVault {
    if (!MessageDigest.isEqual(keys.mac(octets, macAt), mac())) {
      throw new DamagedVault("somebody without its key has altered it");
    }
  }

  VaultHeader header() {
    return header;
  }

  long counter() {
    return counter;
  }

  /// The records; [VaultContent] takes them over.
  VaultRecords records() {
    return records;
  }

  int length() {
    return macAt + VaultKeys.MAC_OCTETS + DIGEST_OCTETS;
  }

  /// As it will lie in the file, for one that [#of] made; not a copy.
  byte[] octets() {
    return octets;
  }

  /// What the first entry of the journal hangs on.
  byte[] mac() {
    return Arrays.copyOfRange(octets, macAt, macAt + VaultKeys.MAC_OCTETS);
  }

  private static byte[] digest(byte[] octets, int length) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(octets, 0, length);
      return sha256.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
