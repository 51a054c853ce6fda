package parley.keys.vault;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.TreeMap;

/// A vault file's whole content: header, counter, records in order.
///
/// ```
/// header 97 | counter 8 | number of records 4 | records ... | HMAC-SHA-256 32 | SHA-256 32
/// ```
///
/// The HMAC under the data key makes the set of records one thing: none can be dropped, exchanged
/// or brought back alone. The plain digest behind it tells damage from a wrong passphrase before
/// Argon2id is paid for. Immutable.
record VaultImage(VaultHeader header, long counter, TreeMap<String, SealedRecord> records) {
  private static final int FIXED_OCTETS = VaultHeader.OCTETS + 8 + 4;
  private static final int DIGEST_OCTETS = 32;
  private static final int LEAST_OCTETS = FIXED_OCTETS + VaultKeys.MAC_OCTETS + DIGEST_OCTETS;
  static final long MOST_OCTETS = 64L << 20;

  static VaultImage empty(VaultHeader header) {
    return new VaultImage(header, 1, new TreeMap<>());
  }

  Optional<SealedRecord> find(String type, String name) {
    return Optional.ofNullable(records.get(SealedRecord.key(type, name)));
  }

  Collection<SealedRecord> all() {
    return Collections.unmodifiableCollection(records.values());
  }

  byte[] encode(VaultKeys keys) {
    int octets = LEAST_OCTETS;
    for (SealedRecord record : records.values()) {
      octets = Math.addExact(octets, record.writtenOctets());
    }
    var out = ByteBuffer.allocate(octets);
    header.write(out);
    out.putLong(counter).putInt(records.size());
    records.values().forEach(record -> record.write(out));
    out.put(keys.mac(out.array(), out.position()));
    out.put(digest(out.array(), out.position()));
    return out.array();
  }

  /// Checks the digest and the structure, not the keys: that is [#isAuthentic].
  static VaultImage decode(byte[] octets) throws DamagedVault {
    int digestAt = octets.length - DIGEST_OCTETS;
    if (octets.length < LEAST_OCTETS
        || !MessageDigest.isEqual(
            digest(octets, digestAt), Arrays.copyOfRange(octets, digestAt, octets.length))) {
      throw new DamagedVault("its digest does not match its content");
    }
    var in = ByteBuffer.wrap(octets, 0, digestAt - VaultKeys.MAC_OCTETS);
    try {
      VaultHeader header = VaultHeader.read(in);
      long counter = in.getLong();
      return new VaultImage(header, counter, readRecords(in));
    } catch (BufferUnderflowException _) {
      throw new DamagedVault("it ends too early");
    }
  }

  private static TreeMap<String, SealedRecord> readRecords(ByteBuffer in) throws DamagedVault {
    var records = new TreeMap<String, SealedRecord>();
    int count = in.getInt();
    for (int i = 0; i < count; i++) {
      SealedRecord record = SealedRecord.read(in);
      if (!records.isEmpty() && record.key().compareTo(records.lastKey()) <= 0) {
        throw new DamagedVault("its records are not in order");
      }
      records.put(record.key(), record);
    }
    if (in.hasRemaining()) {
      throw new DamagedVault("octets follow its last record");
    }
    return records;
  }

  /// True when the file as a whole was written by somebody who held the data key.
  static boolean isAuthentic(byte[] octets, VaultKeys keys) {
    int end = octets.length - DIGEST_OCTETS;
    int macAt = end - VaultKeys.MAC_OCTETS;
    return MessageDigest.isEqual(keys.mac(octets, macAt), Arrays.copyOfRange(octets, macAt, end));
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
