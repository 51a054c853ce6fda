package parley.keys.vault;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// How a vault's key-encrypting key comes from what its owner brings: stored in the clear, because
/// whoever opens the vault needs it first. `kind 1 | KiB 4 | passes 4 | lanes 4 | salt 16`.
///
/// The costs of Argon2id are bounded on reading, so a hostile file cannot ask for all memory.
final class KeyRecipe {
  static final int OCTETS = 1 + 3 * 4 + 16;
  private static final int SALT_OCTETS = 16;
  private static final int KEY_OCTETS = 32;
  private static final int MOST_MEMORY_KIB = 1 << 20;
  private static final int MOST_PASSES = 64;
  private static final int MOST_LANES = 16;

  private final UnlockKind kind;
  private final int memoryKiB;
  private final int passes;
  private final int lanes;
  private final byte[] salt;

  private KeyRecipe(UnlockKind kind, int memoryKiB, int passes, int lanes, byte[] salt) {
    this.kind = kind;
    this.memoryKiB = memoryKiB;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
  }

  UnlockKind kind() {
    return kind;
  }

  /// A fresh salt, and for a passphrase Argon2id with 64 MiB, three passes, four lanes (RFC 9106,
  /// 4, the second recommended choice).
  static KeyRecipe fresh(UnlockKind kind, SecureRandom random) {
    byte[] salt = new byte[SALT_OCTETS];
    random.nextBytes(salt);
    return kind == UnlockKind.PASSPHRASE
        ? new KeyRecipe(kind, 64 * 1024, 3, 4, salt)
        : new KeyRecipe(kind, 0, 0, 0, salt);
  }

  /// The key-encrypting key from what the owner brought; the caller closes it.
  SecretBytes keyEncryptionKey(SecretBytes brought) {
    return switch (kind) {
      case PASSPHRASE -> argon2id(brought);
      case KEY_FILE -> Hkdf.derive(brought, salt, "parley vault key file", KEY_OCTETS);
      case SHARES -> Hkdf.derive(brought, salt, "parley vault shares", KEY_OCTETS);
      case RECOVERY -> Hkdf.derive(brought, salt, "parley vault recovery share", KEY_OCTETS);
      case TOKEN -> throw new IllegalStateException("a token does this itself");
    };
  }

  private SecretBytes argon2id(SecretBytes passphrase) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKiB)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] key = new byte[KEY_OCTETS];
    passphrase.lendTo(SecretAccess.token(), octets -> generator.generateBytes(octets, key));
    return SecretBytes.take(key, "vault key-encrypting key");
  }

  void write(ByteBuffer out) {
    out.put((byte) kind.code).putInt(memoryKiB).putInt(passes).putInt(lanes).put(salt);
  }

  byte[] octets() {
    var out = ByteBuffer.allocate(OCTETS);
    write(out);
    return out.array();
  }

  /// One for what `kind` brings.
  static KeyRecipe read(UnlockKind kind, ByteBuffer in) throws DamagedVault {
    KeyRecipe recipe = read(in);
    if (recipe.kind != kind) {
      throw new DamagedVault("its key recipe is not one of ours");
    }
    return recipe;
  }

  static KeyRecipe read(ByteBuffer in) throws DamagedVault {
    UnlockKind kind = UnlockKind.of(in.get());
    int memoryKiB = in.getInt();
    int passes = in.getInt();
    int lanes = in.getInt();
    byte[] salt = new byte[SALT_OCTETS];
    in.get(salt);
    if (!areCostsSane(kind, memoryKiB, passes, lanes)) {
      throw new DamagedVault("its key recipe is not one of ours");
    }
    return new KeyRecipe(kind, memoryKiB, passes, lanes, salt);
  }

  private static boolean areCostsSane(UnlockKind kind, int memoryKiB, int passes, int lanes) {
    return switch (kind) {
      case PASSPHRASE ->
          lanes >= 1
              && lanes <= MOST_LANES
              && passes >= 1
              && passes <= MOST_PASSES
              && memoryKiB >= 8 * lanes
              && memoryKiB <= MOST_MEMORY_KIB;
      case KEY_FILE, SHARES, RECOVERY -> memoryKiB == 0 && passes == 0 && lanes == 0;
      case TOKEN -> false;
    };
  }
}
