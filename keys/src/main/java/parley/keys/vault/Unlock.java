package parley.keys.vault;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import parley.mikey.secret.SecretBytes;

/// One way to open a vault: the data key, sealed under a key that somebody brings.
///
/// ```
/// kind 1 | octets of the name 1 | name | octets of the body 2 | body
/// ```
///
/// What seals is bound to kind, name and body by the associated data, not to the other unlocks:
/// those come and go while nobody brings this one. The whole set is bound by the HMAC of the
/// snapshot.
abstract sealed class Unlock permits FirstUnlock, KeyUnlock, TokenUnlock, ShareUnlock {
  static final int SEALED_OCTETS = VaultKeys.DATA_KEY_OCTETS + AesGcm.OVERHEAD_OCTETS;
  static final String DATA_KEY = "vault data key";

  private final UnlockName name;

  Unlock(UnlockName name) {
    this.name = name;
  }

  /// Seals `dataKey`, so that `key` opens it.
  static Unlock seal(VaultKey key, String name, SecretBytes dataKey, SecureRandom random)
      throws VaultException {
    UnlockName.requireSane(name);
    var named = new UnlockName(key.kind(), name);
    return switch (key) {
      case PlainKey plain -> KeyUnlock.seal(plain, named, dataKey, random);
      case TokenKey token -> TokenUnlock.seal(token, named, dataKey, random);
      case ShareKeys shares -> ShareUnlock.seal(shares, named, dataKey, random);
    };
  }

  final UnlockKind kind() {
    return name.kind();
  }

  final UnlockName name() {
    return name;
  }

  /// More about it for a list, in the clear; may be empty.
  String details() {
    return "";
  }

  /// The data key, which the caller closes; empty when `key`, which is of this kind, does not fit.
  abstract Optional<SecretBytes> dataKey(VaultKey key) throws VaultException;

  abstract byte[] body();

  int octets() {
    return name.octets() + 2 + body().length;
  }

  void write(ByteBuffer out) {
    byte[] body = body();
    name.write(out);
    out.putShort((short) body.length).put(body);
  }

  static Unlock read(ByteBuffer in) throws DamagedVault {
    UnlockName name = UnlockName.read(in);
    int octets = in.getShort() & 0xffff;
    if (octets > in.remaining()) {
      throw new DamagedVault("it ends too early");
    }
    ByteBuffer body = in.slice(in.position(), octets);
    in.position(in.position() + octets);
    Unlock read =
        switch (name.kind()) {
          case PASSPHRASE, KEY_FILE, RECOVERY -> KeyUnlock.read(name, body);
          case TOKEN -> TokenUnlock.read(name, body);
          case SHARES -> ShareUnlock.read(name, body);
        };
    if (body.hasRemaining()) {
      throw new DamagedVault("octets follow the end of an unlock");
    }
    return read;
  }

  static byte[] sealed(ByteBuffer in) {
    byte[] sealed = new byte[SEALED_OCTETS];
    in.get(sealed);
    return sealed;
  }
}
