package parley.keys.vault;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import parley.mikey.secret.SecretBytes;

/// The start of a vault file: `"parleyv" | schema 1 | number of unlocks 1 | unlocks ...`, each of
/// which seals the same data key.
///
/// In the schemas 1 and 2 one [FirstUnlock] follows the schema, without a number. Such a header
/// stays as it is until the unlocks change, because only then somebody brings what opens it. The
/// schema and the set of unlocks are bound by the HMAC of the snapshot.
final class VaultHeader {
  /// The snapshot is the file, one way to open it.
  private static final byte SNAPSHOT_ONLY = 1;

  /// A journal follows the snapshot, one way to open it.
  private static final byte WITH_JOURNAL = 2;

  /// A journal, and several ways to open it: what this program makes.
  static final byte WITH_UNLOCKS = 3;

  private static final byte[] MAGIC = {'p', 'a', 'r', 'l', 'e', 'y', 'v'};
  static final int START_OCTETS = MAGIC.length + 1;
  private static final int MOST_UNLOCKS = 16;

  private final byte schema;
  private final List<Unlock> unlocks;

  private VaultHeader(byte schema, List<Unlock> unlocks) {
    this.schema = schema;
    this.unlocks = List.copyOf(unlocks);
  }

  /// Seals `dataKey` under `key` alone.
  static VaultHeader seal(VaultKey key, SecretBytes dataKey, SecureRandom random)
      throws VaultException {
    Unlock first = Unlock.seal(key, key.kind().words(), dataKey, random);
    return new VaultHeader(WITH_UNLOCKS, List.of(first));
  }

  /// False for a file of schema 1, which is replaced whole by its first write.
  boolean hasJournal() {
    return schema != SNAPSHOT_ONLY;
  }

  /// The same, for a file with a journal.
  VaultHeader withJournal() {
    return hasJournal() ? this : new VaultHeader(WITH_JOURNAL, unlocks);
  }

  List<Unlock> unlocks() {
    return unlocks;
  }

  /// The data key's derived keys, or one sentence why `key` does not fit.
  VaultKeys open(VaultKey key, Path file) throws VaultException {
    try (SecretBytes dataKey = dataKey(key, file)) {
      return VaultKeys.of(dataKey);
    }
  }

  private SecretBytes dataKey(VaultKey key, Path file) throws VaultException {
    boolean tried = false;
    for (Unlock unlock : unlocks) {
      if (unlock.kind() == key.kind()) {
        tried = true;
        Optional<SecretBytes> dataKey = unlock.dataKey(key);
        if (dataKey.isPresent()) {
          return dataKey.get();
        }
      }
    }
    throw tried ? wrongKey(key, file) : wrongKind(key, file);
  }

  /// Where `key` is in a token, refuses a vault older than the token has seen.
  void requireNotOlder(VaultKey key, long counter, Path file) throws VaultException {
    for (Unlock unlock : unlocks) {
      if (unlock instanceof TokenUnlock ours && key instanceof TokenKey token) {
        ours.requireNotOlder(token, counter, file);
      }
    }
  }

  private VaultException wrongKey(VaultKey key, Path file) {
    return switch (key) {
      case PlainKey plain ->
          new VaultException(
              "wrong %s for vault %s; nothing was changed, try the right one"
                  .formatted(plain.kind().words(), file));
      case TokenKey token ->
          new VaultException(
              "no key in slot %d of %s opens vault %s, which is opened by %s; put in its token"
                  .formatted(
                      token.settings().slotIndex(),
                      token.settings().library(),
                      file,
                      details(UnlockKind.TOKEN)));
      case ShareKeys _ ->
          new VaultException(
              "these holders do not open vault %s together, but %s; nothing was changed"
                  .formatted(file, details(UnlockKind.SHARES)));
    };
  }

  private String details(UnlockKind kind) {
    return String.join(
        " or ",
        unlocks.stream().filter(unlock -> unlock.kind() == kind).map(Unlock::details).toList());
  }

  private VaultException wrongKind(VaultKey key, Path file) {
    List<String> kinds =
        unlocks.stream().map(unlock -> "a " + unlock.kind().words()).distinct().toList();
    return new VaultException(
        "vault %s is opened by %s, not by a %s; configure that one"
            .formatted(file, String.join(" or ", kinds), key.kind().words()));
  }

  /// One more unlock, made from `added`; `present` opens the vault as it is. A header of an older
  /// schema becomes one of today.
  VaultHeader with(VaultKey added, String name, VaultKey present, Path file, SecureRandom random)
      throws VaultException {
    if (unlocks.size() == MOST_UNLOCKS) {
      throw new VaultException(
          "vault %s has %d unlocks, the most there can be; remove one"
              .formatted(file, MOST_UNLOCKS));
    }
    try (SecretBytes dataKey = dataKey(present, file)) {
      List<Unlock> next = new ArrayList<>();
      for (Unlock unlock : unlocks) {
        next.add(
            unlock instanceof FirstUnlock first
                ? Unlock.seal(present, first.name().name(), dataKey, random)
                : unlock);
      }
      if (next.stream().anyMatch(unlock -> unlock.name().name().equals(name))) {
        throw new VaultException(
            "vault %s has an unlock with the name %s already; choose another"
                .formatted(file, name));
      }
      next.add(Unlock.seal(added, name, dataKey, random));
      return new VaultHeader(WITH_UNLOCKS, next);
    }
  }

  /// One unlock less, never none.
  VaultHeader without(String name, Path file) throws VaultException {
    List<Unlock> next =
        unlocks.stream().filter(unlock -> !unlock.name().name().equals(name)).toList();
    if (next.size() == unlocks.size()) {
      throw new VaultException(
          "vault %s has no unlock with the name %s; 'parley vault unlock list' shows them"
              .formatted(file, name));
    }
    if (next.isEmpty()) {
      throw new VaultException(
          "%s is the last unlock of vault %s, which nobody could open any more; add another first"
              .formatted(name, file));
    }
    return new VaultHeader(WITH_UNLOCKS, next);
  }

  int octets() {
    int number = schema == WITH_UNLOCKS ? 1 : 0;
    return START_OCTETS + number + unlocks.stream().mapToInt(Unlock::octets).sum();
  }

  void write(ByteBuffer out) {
    start(out, schema);
    if (schema == WITH_UNLOCKS) {
      out.put((byte) unlocks.size());
    }
    unlocks.forEach(unlock -> unlock.write(out));
  }

  static VaultHeader read(ByteBuffer in) throws DamagedVault {
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new DamagedVault("it is not a vault");
    }
    byte schema = in.get();
    return switch (schema) {
      case SNAPSHOT_ONLY, WITH_JOURNAL ->
          new VaultHeader(schema, List.of(FirstUnlock.readFirst(in)));
      case WITH_UNLOCKS -> new VaultHeader(schema, readUnlocks(in));
      default ->
          throw new DamagedVault("its schema is " + schema + " and this program knows 1 to 3");
    };
  }

  private static List<Unlock> readUnlocks(ByteBuffer in) throws DamagedVault {
    int number = in.get();
    if (number < 1 || number > MOST_UNLOCKS) {
      throw new DamagedVault("it has none or too many ways to open it");
    }
    List<Unlock> read = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      Unlock next = Unlock.read(in);
      if (read.stream().anyMatch(other -> other.name().name().equals(next.name().name()))) {
        throw new DamagedVault("two of its unlocks have one name");
      }
      read.add(next);
    }
    return read;
  }

  static void start(ByteBuffer out, byte schema) {
    out.put(MAGIC).put(schema);
  }
}
