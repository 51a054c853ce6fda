package parley.keys.vault;

import java.nio.ByteBuffer;
import java.util.Optional;
import parley.mikey.secret.SecretBytes;

/// The only way to open a vault of the schemas 1 and 2: `recipe 29 | sealed data key 60`, without a
/// name.
///
/// The associated data are `"parleyv" | 1 | recipe` in both schemas, because an upgrade from 1 to 2
/// came with a write, when nobody brings the passphrase. [VaultHeader#with] puts a [KeyUnlock] in
/// its place, when somebody does.
final class FirstUnlock extends Unlock {
  static final int OCTETS = KeyRecipe.OCTETS + SEALED_OCTETS;
  private static final byte SCHEMA_1 = 1;

  private final KeyRecipe recipe;
  private final byte[] sealedDataKey;

  private FirstUnlock(KeyRecipe recipe, byte[] sealedDataKey) {
    super(new UnlockName(recipe.kind(), recipe.kind().words()));
    this.recipe = recipe;
    this.sealedDataKey = sealedDataKey;
  }

  @Override
  Optional<SecretBytes> dataKey(VaultKey key) throws VaultException {
    if (!(key instanceof PlainKey plain)) {
      return Optional.empty();
    }
    try (SecretBytes brought = plain.octets();
        SecretBytes keyEncryptionKey = recipe.keyEncryptionKey(brought)) {
      return AesGcm.open(keyEncryptionKey, sealedDataKey, aad(), DATA_KEY);
    }
  }

  private byte[] aad() {
    var out = ByteBuffer.allocate(VaultHeader.START_OCTETS + KeyRecipe.OCTETS);
    VaultHeader.start(out, SCHEMA_1);
    recipe.write(out);
    return out.array();
  }

  @Override
  byte[] body() {
    var out = ByteBuffer.allocate(OCTETS);
    recipe.write(out);
    return out.put(sealedDataKey).array();
  }

  @Override
  int octets() {
    return OCTETS;
  }

  @Override
  void write(ByteBuffer out) {
    out.put(body());
  }

  static FirstUnlock readFirst(ByteBuffer in) throws DamagedVault {
    KeyRecipe recipe = KeyRecipe.read(in);
    if (recipe.kind() != UnlockKind.PASSPHRASE && recipe.kind() != UnlockKind.KEY_FILE) {
      throw new DamagedVault("its key recipe is not one of ours");
    }
    return new FirstUnlock(recipe, sealed(in));
  }
}
