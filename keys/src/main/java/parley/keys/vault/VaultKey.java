package parley.keys.vault;

import java.nio.file.Path;
import java.util.Map;
import parley.mikey.secret.SecretBytes;

/// What the owner of a vault brings to open it, or to make a way to open it.
///
/// A passphrase is stretched by Argon2id (RFC 9106); a key file of 32 random octets and a recovery
/// share are not, because there is nothing to guess. A PKCS#11 key never leaves its token. Of
/// shares, several holders bring a passphrase each. Files are read when the vault is opened, not
/// before. The caller closes.
public abstract sealed class VaultKey implements AutoCloseable
    permits PlainKey, TokenKey, ShareKeys {
  VaultKey() {}

  /// A passphrase; `characters` stay the caller's, who wipes them.
  public static VaultKey passphrase(char[] characters) {
    return typed(characters);
  }

  private static PlainKey typed(char[] characters) {
    return new PlainKey.Passphrase(SecretBytes.take(PlainKey.utf8(characters), "vault passphrase"));
  }

  /// A passphrase in a file: its first line, without the line end.
  public static VaultKey passphraseFile(Path file) {
    return new PlainKey.PassphraseFile(file);
  }

  /// A file of exactly 32 octets from a good random source.
  public static VaultKey keyFile(Path file) {
    return new PlainKey.KeyFile(file);
  }

  /// A text that [RecoveryShare#draw] made; `text` stays the caller's, who wipes it.
  public static VaultKey recovery(char[] text) throws VaultException {
    return new PlainKey.Recovery(RecoveryShare.read(text));
  }

  /// The same in a file.
  public static VaultKey recoveryFile(Path file) {
    return new PlainKey.RecoveryFile(file);
  }

  /// An AES key in a PKCS#11 token, whose PIN is the first line of a file.
  public static VaultKey token(TokenSettings settings, Path pinFile) {
    return new TokenKey(settings, new PlainKey.PassphraseFile(pinFile));
  }

  /// The same with the PIN typed in; `pin` stays the caller's, who wipes it.
  public static VaultKey token(TokenSettings settings, char[] pin) {
    return new TokenKey(settings, typed(pin));
  }

  /// What some holders of shares bring: the passphrase of each by name, closed with this key.
  public static VaultKey shares(Map<String, VaultKey> holders) {
    return new ShareKeys(0, holders);
  }

  /// For a new set of shares: any `needed` of the holders open the vault together.
  public static VaultKey newShares(int needed, Map<String, VaultKey> holders)
      throws VaultException {
    ShareKeys.requireSane(needed, holders);
    return new ShareKeys(needed, holders);
  }

  /// Which unlocks of a vault this key may fit.
  abstract UnlockKind kind();

  @Override
  public void close() {}
}
