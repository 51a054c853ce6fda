package parley.gateway.kms;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import parley.gateway.config.StoreConfig;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.secret.SecretBytes;

/// A KMS's registry while it is open: the tables, and out of the vault the key that some columns
/// are sealed under. The server opens it, and so does each command that changes it meanwhile.
public final class KmsTables implements AutoCloseable {
  private static final String VAULT_TYPE = "kms-front";
  private static final String SEALING = "sealing";
  private static final int SEALING_OCTETS = 32;

  private final Database database;
  private final SecretBytes sealing;
  private final KmsRegistry registry;

  private KmsTables(
      Database database, SecretBytes sealing, InstantSource clock, SecureRandom random) {
    this.database = database;
    this.sealing = sealing;
    this.registry = new KmsRegistry(database, sealing, clock, random);
  }

  /// Whether the key of the tables was made; until then `vault` must be open for writing.
  public static boolean isMade(Vault vault) {
    return vault.names(VAULT_TYPE).contains(SEALING);
  }

  /// @param vault stays the caller's, and may be closed afterwards
  public static KmsTables open(
      StoreConfig store, Vault vault, InstantSource clock, SecureRandom random)
      throws StoreException, VaultException {
    SecretBytes sealing = sealing(vault, random);
    boolean isDone = false;
    try {
      var tables = new KmsTables(store.open(KmsRegistry.MIGRATIONS), sealing, clock, random);
      isDone = true;
      return tables;
    } finally {
      if (!isDone) {
        sealing.close();
      }
    }
  }

  /// Made at the first start. Instances that share tables share the vault's content as well.
  private static SecretBytes sealing(Vault vault, SecureRandom random) throws VaultException {
    Optional<SecretBytes> stored = vault.read(VAULT_TYPE, SEALING);
    if (stored.isPresent()) {
      return stored.get();
    }
    SecretBytes made = SecretBytes.random(SEALING_OCTETS, random, "sealing key of the registry");
    vault.put(VAULT_TYPE, SEALING, made);
    return made;
  }

  public KmsRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    database.close();
    sealing.close();
  }

  @Override
  public String toString() {
    return "KmsTables[" + database + "]";
  }
}
