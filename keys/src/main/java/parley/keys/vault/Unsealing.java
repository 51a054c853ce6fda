package parley.keys.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import parley.mikey.secret.SecretBytes;

/// Takes what the holders of a vault's shares bring, one after the other, until it can be opened.
///
/// Each passphrase is tried on its own share at once, so that whoever mistyped hears it, and is
/// held until the vault is open. Safe for use by many threads.
final class Unsealing implements AutoCloseable {
  private final Path file;
  private final Map<String, PlainKey> brought = new LinkedHashMap<>();

  /// @param file a vault that shares open
  Unsealing(Path file) {
    this.file = file;
  }

  /// Where it stands.
  ///
  /// @param came whose passphrases are right
  /// @param needed so many are needed
  record Progress(int came, int needed) {
    boolean isEnough() {
      return came >= needed;
    }
  }

  /// Takes a holder's passphrase, UTF-8, which stays the caller's; takes the time of an Argon2id.
  ///
  /// @throws VaultException if there is no such holder, or it is wrong; nothing changed then
  synchronized Progress bring(String holder, SecretBytes passphrase) throws VaultException {
    ShareUnlock shares = shares();
    PlainKey key = new PlainKey.Passphrase(passphrase.duplicate());
    boolean isRight = false;
    try {
      shares.requireRight(holder, key);
      isRight = true;
    } finally {
      if (!isRight) {
        key.close();
      }
    }
    PlainKey before = brought.put(holder, key);
    if (before != null) {
      before.close();
    }
    return new Progress(brought.size(), shares.needed());
  }

  /// Opens it with what came; the caller closes it.
  ///
  /// @throws VaultException if that is not enough, or another process has the vault open
  synchronized Vault open() throws VaultException {
    return Vault.open(file, new ShareKeys(0, new LinkedHashMap<String, VaultKey>(brought)));
  }

  private ShareUnlock shares() throws VaultException {
    try {
      VaultHeader header = VaultHeader.read(ByteBuffer.wrap(Files.readAllBytes(file)));
      Optional<ShareUnlock> found =
          header.unlocks().stream()
              .filter(ShareUnlock.class::isInstance)
              .map(ShareUnlock.class::cast)
              .findFirst();
      return found.orElseThrow(() ->
          new VaultException(
              file + " is opened by no shares; 'parley vault unlock list' shows what opens it"));
    } catch (DamagedVault e) {
      throw new VaultException(file + " is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new VaultException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    brought.values().forEach(PlainKey::close);
    brought.clear();
  }

  @Override
  public String toString() {
    return "Unsealing[" + file + "]";
  }
}
