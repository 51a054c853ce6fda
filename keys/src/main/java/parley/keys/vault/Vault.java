package parley.keys.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretBytes;

/// Named secrets in one file, durable when a method returns.
///
/// Each value is sealed by AES-256-GCM under a random data key; the data key is sealed under the
/// key of each [VaultKey] that opens the vault, of which any one is enough; the file as a whole is
/// authenticated and carries a counter that rises with every write. Types and names of records are
/// in the clear: never put a secret there.
///
/// **File**: a snapshot of all records, then a journal with one entry for each edit since
/// ([VaultSnapshot], [JournalEntry]). An edit costs its own size and one fsync. When the journal
/// would outgrow the snapshot, the edit is written as a new snapshot instead; until then, what was
/// replaced or removed lies in the journal still, sealed. [#rekey] leaves nothing of it.
///
/// **Crash**: an entry is appended and forced to the device; one that was torn is not there when
/// the vault is opened ([JournalReader]). A snapshot goes to a temporary file, is forced, renamed
/// over the old file, and the directory is forced too. A kill at any moment leaves the vault before
/// the edit or after it.
///
/// **Failure**: an edit that fails has changed nothing, neither here nor in the file, which is cut
/// back. Where that fails as well, further writes are refused until the vault is opened again; then
/// the edit may turn out to be there.
///
/// **Rollback**: `<vault>.lock` keeps the last counter. An older copy of the vault file beside it,
/// or one that has lost its end, is refused at [#open]. Whoever restores *both* files together, or
/// the whole disk, is not noticed by any file-only means; then a member would again accept a GMK
/// that it had already seen replaced, until the group manager sends the present one. A PKCS#11
/// token that opens the vault notes the counter of each opening ([TokenUnlock#requireNotOlder]), so
/// a copy older than the last one is refused; what was written since then is not in it. SunPKCS11
/// knows no data objects, and nobody keeps the PIN to note every write.
///
/// **Memory**: records stay sealed in memory, the data key is a [SecretBytes]; what the JDK's
/// ciphers copy lives until the garbage collector takes it.
///
/// Safe for use by many threads; each write holds the lock of this object through the disk's fsync.
public final class Vault implements AutoCloseable {
  private static final int MOST_READS = 3;

  private final VaultFile file;
  private final @Nullable VaultLock lock;
  private final SecureRandom random;
  private VaultKeys keys;
  private VaultContent content;
  private boolean closed;
  private @Nullable RecordingKey recordingKey;

  private Vault(
      VaultFile file,
      @Nullable VaultLock lock,
      SecureRandom random,
      VaultKeys keys,
      VaultContent content) {
    this.file = file;
    this.lock = lock;
    this.random = random;
    this.keys = keys;
    this.content = content;
  }

  /// Makes an empty vault at `file`, which must not exist; `key` is used now and not kept.
  public static Vault create(Path file, VaultKey key) throws VaultException {
    return create(file, key, Disk.local(), new SecureRandom());
  }

  static Vault create(Path file, VaultKey key, Disk disk, SecureRandom random)
      throws VaultException {
    Path path = file.toAbsolutePath();
    return locked(
        path,
        lock -> {
          if (Files.exists(path)) {
            throw new VaultException(
                "vault " + file + " exists already; open it, or choose another path");
          }
          try (SecretBytes dataKey =
              SecretBytes.random(VaultKeys.DATA_KEY_OCTETS, random, "vault data key")) {
            VaultHeader header = VaultHeader.seal(key, dataKey, random);
            VaultKeys keys = VaultKeys.of(dataKey);
            VaultSnapshot empty = VaultSnapshot.of(header, 1, new VaultRecords(), keys);
            var onDisk = new VaultFile(path, disk);
            onDisk.replace(empty.octets());
            leaveMark(lock, empty.counter());
            return new Vault(onDisk, lock, random, keys, new VaultContent(empty));
          }
        });
  }

  /// Opens the vault at `file`; `key` is used now and not kept.
  ///
  /// Damage, a wrong key, another process, an older copy: one sentence each, and nothing is
  /// changed.
  public static Vault open(Path file, VaultKey key) throws VaultException {
    return open(file, key, Disk.local(), new SecureRandom());
  }

  static Vault open(Path file, VaultKey key, Disk disk, SecureRandom random) throws VaultException {
    Path path = existing(file);
    return locked(
        path,
        lock -> {
          Vault opened = read(path, key, lock, disk, random);
          try {
            requireNotOlder(path, opened.content, lock);
            opened.content.header().requireNotOlder(key, opened.counter(), path);
          } catch (VaultException e) {
            opened.keys.close();
            throw e;
          }
          return opened;
        });
  }

  /// Opens the vault as it is on the disk now, beside the process that may be using it, for whoever
  /// only reads: an export of recordings while the gateway runs. Every write is refused.
  ///
  /// What is being written at this moment is there or not; the last write may not yet be durable.
  /// The mark of the last counter is not asked, because the writer may be ahead of what was read.
  public static Vault openToRead(Path file, VaultKey key) throws VaultException {
    return openToRead(file, key, Disk.local());
  }

  static Vault openToRead(Path file, VaultKey key, Disk disk) throws VaultException {
    return read(existing(file), key, null, disk, new SecureRandom());
  }

  private static Path existing(Path file) throws VaultException {
    if (!Files.exists(file)) {
      throw new VaultException("there is no vault at " + file + "; create it, or correct the path");
    }
    return file.toAbsolutePath();
  }

  /// Reads again when what was read does not hold and is no longer what lies there: a writer beside
  /// us that took a failed entry back and went on may leave us a part of each.
  private static Vault read(
      Path path, VaultKey key, @Nullable VaultLock lock, Disk disk, SecureRandom random)
      throws VaultException {
    var file = new VaultFile(path, disk);
    byte[] octets = file.read();
    for (int attempt = 1; ; attempt++) {
      try {
        return decoded(octets, file, key, lock, random);
      } catch (DamagedVault e) {
        byte[] again = file.read();
        if (attempt == MOST_READS || Arrays.equals(again, octets)) {
          throw file.damaged(String.valueOf(e.getMessage()));
        }
        octets = again;
      }
    }
  }

  private static Vault decoded(
      byte[] octets, VaultFile file, VaultKey key, @Nullable VaultLock lock, SecureRandom random)
      throws VaultException, DamagedVault {
    VaultSnapshot snapshot = VaultSnapshot.read(octets);
    VaultKeys keys = snapshot.header().open(key, file.path());
    try {
      snapshot.requireAuthentic(keys);
      VaultContent content = JournalReader.play(octets, snapshot, keys);
      file.wholeUntil(content.octets());
      return new Vault(file, lock, random, keys, content);
    } catch (DamagedVault e) {
      keys.close();
      throw e;
    }
  }

  /// Stores a copy of `value` under (`type`, `name`), replacing what was there; durable on return.
  public void put(String type, String name, SecretBytes value) throws VaultException {
    try (VaultEdit edit = edit()) {
      edit.put(type, name, value).commit();
    }
  }

  /// Removes a record; false when there was none. Durable on return.
  public synchronized boolean remove(String type, String name) throws VaultException {
    if (content.records().find(type, name).isEmpty()) {
      return false;
    }
    try (VaultEdit edit = edit()) {
      edit.remove(type, name).commit();
    }
    return true;
  }

  /// Starts a set of changes that becomes durable as one.
  public VaultEdit edit() {
    return new VaultEdit(this);
  }

  /// The value of a record; the caller closes it.
  public synchronized Optional<SecretBytes> read(String type, String name) {
    requireOpen();
    return content.records().find(type, name).map(record -> record.open(keys));
  }

  /// The names of all records of a type, in order.
  public synchronized List<String> names(String type) {
    return names(type, "");
  }

  /// The names of a type that begin with `prefix`, in order; costs as much as there are of them.
  public synchronized List<String> names(String type, String prefix) {
    requireOpen();
    return content.records().names(type, prefix);
  }

  /// The types of which there are records, in order.
  public synchronized List<String> types() {
    requireOpen();
    return content.records().all().stream().map(SealedRecord::type).distinct().toList();
  }

  /// Opens every record; how many there are. File, journal and names were checked on opening.
  public synchronized int verify() throws VaultException {
    requireOpen();
    for (SealedRecord record : content.records().all()) {
      try {
        record.open(keys).close();
      } catch (IllegalStateException _) {
        throw file.damaged(
            "its record %s %s does not open".formatted(record.type(), record.name()));
      }
    }
    return content.records().size();
  }

  /// Rises by one with each write; tells copies of a vault apart.
  public synchronized long counter() {
    requireOpen();
    return content.counter();
  }

  /// The key that recordings wrap their GSKs under; made and stored at the first call, the same
  /// object for all later ones. The vault closes it.
  public synchronized RecordingKey recordingKey() throws VaultException {
    requireOpen();
    if (recordingKey == null) {
      recordingKey = RecordingKey.readOrMake(this, random);
    }
    return recordingKey;
  }

  /// Puts the vault under another owner's key alone: a new data key, every record sealed anew, all
  /// other ways to open it gone; durable on return. Copies made before stay readable as they were.
  public synchronized void rekey(VaultKey newKey) throws VaultException {
    requireOpen();
    try (SecretBytes dataKey =
        SecretBytes.random(VaultKeys.DATA_KEY_OCTETS, random, "vault data key")) {
      VaultHeader header = VaultHeader.seal(newKey, dataKey, random);
      VaultKeys newKeys = VaultKeys.of(dataKey);
      try {
        replace(resealed(header, newKeys), newKeys);
      } catch (VaultException e) {
        newKeys.close();
        throw e;
      }
    }
  }

  /// The ways to open this vault, in the order in which they were added.
  public synchronized List<VaultUnlock> unlocks() {
    requireOpen();
    return content.header().unlocks().stream().map(VaultUnlock::of).toList();
  }

  /// Adds a way to open this vault; durable on return.
  ///
  /// @param present opens the vault as it is; this object does not keep the data key
  /// @param added from now on opens it too
  /// @param name for people, in the clear, unique in this vault
  public synchronized void addUnlock(VaultKey present, VaultKey added, String name)
      throws VaultException {
    requireOpen();
    requireWritable();
    unlockBy(content.header().with(added, name, present, file.path(), random));
  }

  /// Takes a way to open this vault away, never the last one; durable on return.
  ///
  /// The data key stays: whoever still has an older copy of the file and what opened it can read
  /// this one, too. [#rekey] ends that.
  public synchronized void removeUnlock(String name) throws VaultException {
    requireOpen();
    requireWritable();
    unlockBy(content.header().without(name, file.path()));
  }

  private void unlockBy(VaultHeader header) throws VaultException {
    VaultRecords records = content.records().with(List.of());
    replace(VaultSnapshot.of(header, content.counter() + 1, records, keys), keys);
  }

  private VaultSnapshot resealed(VaultHeader header, VaultKeys newKeys) {
    var records = new VaultRecords();
    long counter = content.counter() + 1;
    for (SealedRecord record : content.records().all()) {
      records.put(record.resealed(counter, keys, newKeys, random));
    }
    return VaultSnapshot.of(header, counter, records, newKeys);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (recordingKey != null) {
      recordingKey.close();
    }
    keys.close();
    if (lock != null) {
      lock.close();
    }
  }

  @Override
  public String toString() {
    return "Vault[" + file.path() + "]";
  }

  synchronized void apply(Collection<VaultEdit.Change> changes) throws VaultException {
    requireOpen();
    VaultLock witness = requireWritable();
    long counter = content.counter() + 1;
    List<SealedChange> sealed = changes.stream().map(change -> seal(change, counter)).toList();
    requireRoom(sealed);
    if (content.hasRoomFor(sealed) && file.isAsLeft()) {
      JournalEntry entry = content.next(sealed, keys);
      file.append(entry.octets());
      content.advance(entry, sealed);
      leaveMark(witness, counter);
    } else {
      VaultRecords records = content.records().with(sealed);
      replace(VaultSnapshot.of(content.header(), counter, records, keys), keys);
    }
  }

  private SealedChange seal(VaultEdit.Change change, long counter) {
    return change
        .value()
        .map(value -> SealedRecord.seal(change.type(), change.name(), counter, value, keys, random))
        .<SealedChange>map(SealedChange.Stored::new)
        .orElseGet(() -> new SealedChange.Removed(change.type(), change.name()));
  }

  private void requireRoom(List<SealedChange> changes) throws VaultException {
    long after = VaultSnapshot.octetsFor(content.header(), content.records().octetsAfter(changes));
    if (after > VaultSnapshot.MOST_OCTETS) {
      throw new VaultException(
          "vault %s would grow over 64 MiB; remove records".formatted(file.path()));
    }
  }

  private void replace(VaultSnapshot next, VaultKeys nextKeys) throws VaultException {
    VaultLock witness = requireWritable();
    file.replace(next.octets());
    if (!nextKeys.equals(keys)) {
      keys.close();
    }
    keys = nextKeys;
    content = new VaultContent(next);
    leaveMark(witness, next.counter());
  }

  private VaultLock requireWritable() throws VaultException {
    if (lock == null) {
      throw new VaultException("vault %s was opened to read only".formatted(file.path()));
    }
    file.requireSettled();
    return lock;
  }

  private static void leaveMark(VaultLock lock, long counter) {
    try {
      lock.mark(counter);
    } catch (IOException _) {
      // only a witness; the next write leaves a newer one
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("vault " + file.path() + " is closed");
    }
  }

  private static void requireNotOlder(Path file, VaultContent content, VaultLock lock)
      throws VaultException {
    try {
      long marked = lock.marked();
      if (content.counter() < marked) {
        throw new VaultException(
            ("vault %s is an older copy (write %d, but write %d was seen here); put the newest back,"
                    + " or delete %s to accept the loss")
                .formatted(file, content.counter(), marked, lock.file()));
      }
    } catch (IOException e) {
      throw new VaultException(
          "%s cannot be read (%s); check its permissions".formatted(lock.file(), Disk.reason(e)),
          e);
    }
  }

  /// What is done with the lock held; the lock is released when it fails.
  private interface Locked {
    Vault with(VaultLock lock) throws VaultException;
  }

  private static Vault locked(Path file, Locked work) throws VaultException {
    VaultLock lock = VaultLock.take(file);
    boolean done = false;
    try {
      Vault vault = work.with(lock);
      done = true;
      return vault;
    } finally {
      if (!done) {
        lock.close();
      }
    }
  }
}
