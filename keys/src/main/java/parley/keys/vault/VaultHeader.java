package parley.keys.vault;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import parley.mikey.secret.SecretBytes;

/// The start of a vault file: `"parleyv" | schema 1 | key recipe 29 | sealed data key 60`.
///
/// The data key's associated data is everything before it, so the recipe cannot be exchanged.
final class VaultHeader {
  static final byte SCHEMA = 1;
  private static final byte[] MAGIC = {'p', 'a', 'r', 'l', 'e', 'y', 'v'};
  private static final int SEALED_OCTETS = VaultKeys.DATA_KEY_OCTETS + AesGcm.OVERHEAD_OCTETS;
  private static final int RECIPE_END = MAGIC.length + 1 + KeyRecipe.OCTETS;
  static final int OCTETS = RECIPE_END + SEALED_OCTETS;

  private final KeyRecipe recipe;
  private final byte[] sealedDataKey;

  private VaultHeader(KeyRecipe recipe, byte[] sealedDataKey) {
    this.recipe = recipe;
    this.sealedDataKey = sealedDataKey;
  }

  /// Seals `dataKey` under `key` by a fresh recipe.
  static VaultHeader seal(VaultKey key, SecretBytes dataKey, SecureRandom random)
      throws VaultException {
    KeyRecipe recipe = KeyRecipe.fresh(key.source(), random);
    try (SecretBytes keyEncryptionKey = recipe.keyEncryptionKey(key)) {
      return new VaultHeader(recipe, AesGcm.seal(keyEncryptionKey, dataKey, start(recipe), random));
    }
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
            AesGcm.open(keyEncryptionKey, sealedDataKey, start(recipe), "vault data key")
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
    out.put(start(recipe)).put(sealedDataKey);
  }

  static VaultHeader read(ByteBuffer in) throws DamagedVault {
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new DamagedVault("it is not a vault");
    }
    byte schema = in.get();
    if (schema != SCHEMA) {
      throw new DamagedVault("its schema is " + schema + " and this program knows " + SCHEMA);
    }
    KeyRecipe recipe = KeyRecipe.read(in);
    byte[] sealedDataKey = new byte[SEALED_OCTETS];
    in.get(sealedDataKey);
    return new VaultHeader(recipe, sealedDataKey);
  }

  private static byte[] start(KeyRecipe recipe) {
    var out = ByteBuffer.allocate(RECIPE_END);
    out.put(MAGIC).put(SCHEMA);
    recipe.write(out);
    return out.array();
  }
}
