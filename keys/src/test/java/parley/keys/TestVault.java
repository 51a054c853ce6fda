package parley.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;

/// A vault in a directory of a test, which can be closed and opened again.
public final class TestVault implements AutoCloseable {
  private final Path file;
  private final VaultKey key;
  private Vault vault;

  public TestVault(Path directory, String name) throws IOException, VaultException {
    file = directory.resolve(name);
    key = VaultKey.keyFile(Secrets.keyFile(directory, name + ".key"));
    vault = Vault.create(file, key);
  }

  public Vault vault() {
    return vault;
  }

  public Path file() {
    return file;
  }

  public Vault reopen() throws VaultException {
    vault.close();
    vault = Vault.open(file, key);
    return vault;
  }

  /// Lets no write through: the file is away, and where a new one would be made is an obstacle.
  public void block() throws IOException {
    Files.move(file, away());
    Files.createDirectories(obstacle());
  }

  /// Undoes [#block].
  public void unblock() throws IOException {
    Files.delete(obstacle());
    Files.delete(obstacle().getParent());
    Files.move(away(), file);
  }

  private Path away() {
    return file.resolveSibling(file.getFileName() + ".away");
  }

  private Path obstacle() {
    return file.resolveSibling(file.getFileName() + ".new").resolve("obstacle");
  }

  @Override
  public void close() {
    vault.close();
  }
}
