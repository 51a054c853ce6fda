package parley.keys.vault;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// How a vault's key-encrypting key comes from what its owner brings: stored in the clear, because
/// whoever opens the vault needs it first.
///
/// The costs of Argon2id are bounded on reading, so a hostile file cannot ask for all memory.
final class KeyRecipe {
  static final int OCTETS = 1 + 3 * 4 + 16;
  private static final int SALT_OCTETS = 16;
  private static final int KEY_OCTETS = 32;
  private static final int MOST_MEMORY_KIB = 1 << 20;
  private static final int MOST_PASSES = 64;
  private static final int MOST_LANES = 16;
  private static final String KEY_FILE_INFO = "parley vault key file";

  /// What the owner brings; the number is the octet in the file.
  enum Source {
    PASSPHRASE(1),
    KEY_FILE(2);

    final int code;

    Source(int code) {
      this.code = code;
    }

    /// For the operator: what does not fit.
    String words() {
      return this == PASSPHRASE ? "passphrase" : "key file";
    }
  }

  private final Source source;
  private final int memoryKiB;
  private final int passes;
  private final int lanes;
  private final byte[] salt;

  private KeyRecipe(Source source, int memoryKiB, int passes, int lanes, byte[] salt) {
    this.source = source;
    this.memoryKiB = memoryKiB;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
  }

  Source source() {
    return source;
  }

  /// A fresh salt, and for a passphrase Argon2id with 64 MiB, three passes, four lanes (RFC 9106,
  /// 4, the second recommended choice).
  static KeyRecipe fresh(Source source, SecureRandom random) {
    byte[] salt = new byte[SALT_OCTETS];
    random.nextBytes(salt);
    return switch (source) {
      case PASSPHRASE -> new KeyRecipe(source, 64 * 1024, 3, 4, salt);
      case KEY_FILE -> new KeyRecipe(source, 0, 0, 0, salt);
    };
  }

  /// The key-encrypting key for `key`; the caller closes it.
  SecretBytes keyEncryptionKey(VaultKey key) throws VaultException {
    try (SecretBytes octets = key.octets()) {
      return switch (source) {
        case PASSPHRASE -> argon2id(octets);
        case KEY_FILE -> Hkdf.derive(octets, salt, KEY_FILE_INFO, KEY_OCTETS);
      };
    }
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
    out.put((byte) source.code).putInt(memoryKiB).putInt(passes).putInt(lanes).put(salt);
  }

  static KeyRecipe read(ByteBuffer in) throws DamagedVault {
    int code = in.get();
    int memoryKiB = in.getInt();
    int passes = in.getInt();
    int lanes = in.getInt();
    byte[] salt = new byte[SALT_OCTETS];
    in.get(salt);
    for (Source source : Source.values()) {
      if (source.code == code && areCostsSane(source, memoryKiB, passes, lanes)) {
        return new KeyRecipe(source, memoryKiB, passes, lanes, salt);
      }
    }
    throw new DamagedVault("its key recipe is not one of ours");
  }

  private static boolean areCostsSane(Source source, int memoryKiB, int passes, int lanes) {
    return switch (source) {
      case PASSPHRASE ->
          lanes >= 1
              && lanes <= MOST_LANES
              && passes >= 1
              && passes <= MOST_PASSES
              && memoryKiB >= 8 * lanes
              && memoryKiB <= MOST_MEMORY_KIB;
      case KEY_FILE -> memoryKiB == 0 && passes == 0 && lanes == 0;
    };
  }
}
