package parley.keys.vault;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import parley.mikey.secret.SecretBytes;

/// The start of a vault file: `"parleyv" | schema 1 | key recipe 29 | sealed data key 60`.
///
/// The data key's associated data is what lies before it, so the recipe cannot be exchanged; with
/// schema 1 in both schemas, because an upgrade comes with a write, when nobody brings the
/// passphrase to seal the data key anew. The schema is bound by the HMAC of the snapshot.
final class VaultHeader {
  /// The snapshot is the file.
  private static final byte SNAPSHOT_ONLY = 1;

  /// A journal follows the snapshot: what this program writes.
  private static final byte WITH_JOURNAL = 2;

  private static final byte[] MAGIC = {'p', 'a', 'r', 'l', 'e', 'y', 'v'};
  private static final int SEALED_OCTETS = VaultKeys.DATA_KEY_OCTETS + AesGcm.OVERHEAD_OCTETS;
  private static final int RECIPE_END = MAGIC.length + 1 + KeyRecipe.OCTETS;
  static final int OCTETS = RECIPE_END + SEALED_OCTETS;

  private final byte schema;
  private final KeyRecipe recipe;
  private final byte[] sealedDataKey;

  private VaultHeader(byte schema, KeyRecipe recipe, byte[] sealedDataKey) {
    this.schema = schema;
    this.recipe = recipe;
    this.sealedDataKey = sealedDataKey;
  }

  /// Seals `dataKey` under `key` by a fresh recipe.
  static VaultHeader seal(VaultKey key, SecretBytes dataKey, SecureRandom random)
      throws VaultException {
    KeyRecipe recipe = KeyRecipe.fresh(key.source(), random);
    try (SecretBytes keyEncryptionKey = recipe.keyEncryptionKey(key)) {
      byte[] sealed = AesGcm.seal(keyEncryptionKey, dataKey, dataKeyAad(recipe), random);
      return new VaultHeader(WITH_JOURNAL, recipe, sealed);
    }
  }

  /// False for a file of schema 1, which is replaced whole by its first write.
  boolean hasJournal() {
    return schema == WITH_JOURNAL;
  }

  /// The same, for a file with a journal.
  VaultHeader withJournal() {
    return new VaultHeader(WITH_JOURNAL, recipe, sealedDataKey);
  }

  /// The data key's two halves, or one sentence why `key` does not fit.
  VaultKeys open(VaultKey key, Path file) throws VaultException {
    if (key.source() != recipe.source()) {
      throw new VaultException(
          "vault %s is opened by a %s, not by a %s; configure that one"
              .formatted(file, recipe.source().words(), key.source().words()));
    }
    try (SecretBytes keyEncryptionKey = recipe.keyEncryptionKey(key);
        SecretBytes dataKey =
            AesGcm.open(keyEncryptionKey, sealedDataKey, dataKeyAad(recipe), "vault data key")
                .orElseThrow(() -> wrongKey(file))) {
      return VaultKeys.of(dataKey);
    }
  }

  private VaultException wrongKey(Path file) {
    return new VaultException(
        "wrong %s for vault %s; nothing was changed, try the right one"
            .formatted(recipe.source().words(), file));
  }

  void write(ByteBuffer out) {
    start(out, schema, recipe);
    out.put(sealedDataKey);
  }

  static VaultHeader read(ByteBuffer in) throws DamagedVault {
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new DamagedVault("it is not a vault");
    }
    byte schema = in.get();
    if (schema != SNAPSHOT_ONLY && schema != WITH_JOURNAL) {
      throw new DamagedVault("its schema is " + schema + " and this program knows 1 and 2");
    }
    KeyRecipe recipe = KeyRecipe.read(in);
    byte[] sealedDataKey = new byte[SEALED_OCTETS];
    in.get(sealedDataKey);
    return new VaultHeader(schema, recipe, sealedDataKey);
  }

  private static byte[] dataKeyAad(KeyRecipe recipe) {
    var out = ByteBuffer.allocate(RECIPE_END);
    start(out, SNAPSHOT_ONLY, recipe);
    return out.array();
  }

  private static void start(ByteBuffer out, byte schema, KeyRecipe recipe) {
    recipe.write(out.put(MAGIC).put(schema));
  }
}
