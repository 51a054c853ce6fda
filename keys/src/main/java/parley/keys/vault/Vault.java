package parley.keys.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretBytes;

/// Named secrets in one file, durable when a method returns.
///
/// Each value is sealed by AES-256-GCM under a random data key; the data key is sealed under a key
/// from the owner's [VaultKey]; the file as a whole is authenticated and carries a counter that
/// rises with every write. Types and names of records are in the clear: never put a secret there.
///
/// **Crash**: a write goes to a temporary file, is forced to the device, renamed over the old file,
/// and the directory is forced too. A kill at any moment leaves the old vault or the new one.
///
/// **Rollback**: `<vault>.lock` keeps the last counter. An older copy of the vault file beside it
/// is refused at [#open]. Whoever restores *both* files together, or the whole disk, is not noticed
/// by any file-only means; then a member would again accept a GMK that it had already seen
/// replaced, until the group manager sends the present one. Only a counter outside this disk (TPM,
/// HSM) closes that.
///
/// **Memory**: records stay sealed in memory, the data key is a [SecretBytes]; what the JDK's
/// ciphers copy lives until the garbage collector takes it.
///
/// Safe for use by many threads; each write holds the lock of this object through the disk's fsync.
public final class Vault implements AutoCloseable {
  private final Path file;
  private final @Nullable VaultLock lock;
  private final Disk disk;
  private final SecureRandom random;
  private VaultKeys keys;
  private VaultImage image;
  private boolean settled = true;
  private boolean closed;
  private @Nullable RecordingKey recordingKey;

  private Vault(
      Path file,
      @Nullable VaultLock lock,
      Disk disk,
      SecureRandom random,
      VaultKeys keys,
      VaultImage image) {
    this.file = file;
    this.lock = lock;
    this.disk = disk;
    this.random = random;
    this.keys = keys;
    this.image = image;
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
            VaultImage image = VaultImage.empty(header);
            var vault = new Vault(path, lock, disk, random, keys, image);
            vault.store(image, keys);
            return vault;
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
            requireNotOlder(path, opened.image, lock);
          } catch (VaultException e) {
            opened.keys.close();
            throw e;
          }
          return opened;
        });
  }

  /// Opens the vault as it is on the disk now, beside the process that may be using it, for whoever
  /// only reads: an export of recordings while the gateway runs. Every write is refused.
  public static Vault openToRead(Path file, VaultKey key) throws VaultException {
    return read(existing(file), key, null, Disk.local(), new SecureRandom());
  }

  private static Path existing(Path file) throws VaultException {
    if (!Files.exists(file)) {
      throw new VaultException("there is no vault at " + file + "; create it, or correct the path");
    }
    return file.toAbsolutePath();
  }

  private static Vault read(
      Path path, VaultKey key, @Nullable VaultLock lock, Disk disk, SecureRandom random)
      throws VaultException {
    byte[] octets = readFile(path);
    VaultImage image = decode(path, octets);
    VaultKeys keys = image.header().open(key, path);
    try {
      requireAuthentic(path, octets, keys);
    } catch (VaultException e) {
      keys.close();
      throw e;
    }
    return new Vault(path, lock, disk, random, keys, image);
  }

  /// Stores a copy of `value` under (`type`, `name`), replacing what was there; durable on return.
  public void put(String type, String name, SecretBytes value) throws VaultException {
    try (VaultEdit edit = edit()) {
      edit.put(type, name, value).commit();
    }
  }

  /// Removes a record; false when there was none. Durable on return.
  public synchronized boolean remove(String type, String name) throws VaultException {
    if (image.find(type, name).isEmpty()) {
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
    return image.find(type, name).map(record -> record.open(keys));
  }

  /// The names of all records of a type, in order.
  public synchronized List<String> names(String type) {
    requireOpen();
    return image.all().stream()
        .filter(record -> record.type().equals(type))
        .map(SealedRecord::name)
        .toList();
  }

  /// Rises by one with each write; tells copies of a vault apart.
  public synchronized long counter() {
    requireOpen();
    return image.counter();
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

  /// Puts the vault under another owner's key: a new data key, every record sealed anew; durable on
  /// return. Copies made before stay readable under the old key.
  public synchronized void rekey(VaultKey newKey) throws VaultException {
    requireOpen();
    try (SecretBytes dataKey =
        SecretBytes.random(VaultKeys.DATA_KEY_OCTETS, random, "vault data key")) {
      VaultHeader header = VaultHeader.seal(newKey, dataKey, random);
      VaultKeys newKeys = VaultKeys.of(dataKey);
      long counter = image.counter() + 1;
      var records = new TreeMap<String, SealedRecord>();
      for (SealedRecord record : image.all()) {
        records.put(record.key(), record.resealed(counter, keys, newKeys, random));
      }
      store(new VaultImage(header, counter, records), newKeys);
    }
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
    return "Vault[" + file + "]";
  }

  synchronized void apply(Collection<VaultEdit.Change> changes) throws VaultException {
    requireOpen();
    long counter = image.counter() + 1;
    var records = new TreeMap<>(image.records());
    for (VaultEdit.Change change : changes) {
      String key = SealedRecord.key(change.type(), change.name());
      change
          .value()
          .map(v -> SealedRecord.seal(change.type(), change.name(), counter, v, keys, random))
          .ifPresentOrElse(record -> records.put(key, record), () -> records.remove(key));
    }
    store(new VaultImage(image.header(), counter, records), keys);
  }

  /// Until the rename begins the old file stands, so a failure costs nothing. From there to the
  /// directory's fsync nobody knows which of the two a crash would leave: after a failure in
  /// between, further writes are refused until the vault is opened again.
  private void store(VaultImage next, VaultKeys nextKeys) throws VaultException {
    if (lock == null) {
      throw new VaultException("vault %s was opened to read only".formatted(file));
    }
    if (!settled) {
      throw new VaultException(
          "vault %s has an unfinished write; restart to read what the disk has".formatted(file));
    }
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    byte[] octets = next.encode(nextKeys);
    if (octets.length > VaultImage.MOST_OCTETS) {
      throw new VaultException("vault %s would grow over 64 MiB; remove records".formatted(file));
    }
    try {
      disk.writeNew(temporary, octets);
      settled = false;
      disk.rename(temporary, file);
      disk.syncDirectory(file.resolveSibling(""));
      settled = true;
    } catch (IOException e) {
      throw new VaultException(
          "vault %s cannot be written (%s); free space or correct its permissions"
              .formatted(file, Disk.reason(e)),
          e);
    }
    if (!nextKeys.equals(keys)) {
      keys.close();
    }
    keys = nextKeys;
    image = next;
    leaveMark(lock, next.counter());
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
      throw new IllegalStateException("vault " + file + " is closed");
    }
  }

  private static byte[] readFile(Path file) throws VaultException {
    try {
      if (Files.size(file) > VaultImage.MOST_OCTETS) {
        throw damaged(file, "it is over 64 MiB");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new VaultException(
          "vault %s cannot be read (%s); check its permissions".formatted(file, Disk.reason(e)), e);
    }
  }

  private static VaultImage decode(Path file, byte[] octets) throws VaultException {
    try {
      return VaultImage.decode(octets);
    } catch (DamagedVault e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
  }

  private static void requireAuthentic(Path file, byte[] octets, VaultKeys keys)
      throws VaultException {
    if (!VaultImage.isAuthentic(octets, keys)) {
      throw damaged(file, "somebody without its key has altered it");
    }
  }

  private static void requireNotOlder(Path file, VaultImage image, VaultLock lock)
      throws VaultException {
    try {
      long marked = lock.marked();
      if (image.counter() < marked) {
        throw new VaultException(
            ("vault %s is an older copy (write %d, but write %d was seen here); put the newest back,"
                    + " or delete %s to accept the loss")
                .formatted(file, image.counter(), marked, lock.file()));
      }
    } catch (IOException e) {
      throw new VaultException(
          "%s cannot be read (%s); check its permissions".formatted(lock.file(), Disk.reason(e)),
          e);
    }
  }

  private static VaultException damaged(Path file, String what) {
    return new VaultException(
        "vault %s is damaged: %s; put back a copy that opens".formatted(file, what));
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
