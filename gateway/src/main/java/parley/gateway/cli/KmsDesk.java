package parley.gateway.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.KmsServerConfig;
import parley.gateway.kms.KmsTables;
import parley.keys.audit.AuditLog;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.store.StoreException;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;

/// A KMS's registry under the operator's hands, also while the server runs.
///
/// Every act is noted before and after. The running server is the only writer of its audit log, so
/// the acts of the command line go into `audit-cli.log` beside it.
final class KmsDesk implements AutoCloseable {
  private final KmsTables tables;
  private final AuditLog audit;
  private final String actor = "user " + System.getProperty("user.name") + " at the command line";

  /// Changes the registry.
  interface Act<T> {
    T on(KmsRegistry registry) throws StoreException, CommandFailed, IOException;
  }

  private KmsDesk(KmsTables tables, AuditLog audit) {
    this.tables = tables;
    this.audit = audit;
  }

  static KmsDesk open(Path file)
      throws ConfigException, VaultException, CommandFailed, IOException {
    KmsServerConfig config = ConfigFile.readKms(file);
    AuditLog audit =
        AuditLog.open(
            config.audit().file().resolveSibling("audit-cli.log"), InstantSource.system());
    boolean isDone = false;
    try {
      KmsDesk desk = new KmsDesk(tables(config), audit);
      isDone = true;
      return desk;
    } catch (StoreException e) {
      throw unreachable(e);
    } finally {
      if (!isDone) {
        audit.close();
      }
    }
  }

  /// Beside a running server the vault is only read; before the first start the key is made.
  private static KmsTables tables(KmsServerConfig config)
      throws VaultException, CommandFailed, StoreException {
    var random = new SecureRandom();
    try (VaultKey key = VaultAccess.of(config.vault()).key()) {
      try (Vault read = Vault.openToRead(config.vault().file(), key)) {
        if (KmsTables.isMade(read)) {
          return KmsTables.open(config.store(), read, InstantSource.system(), random);
        }
      }
      try (Vault written = Vault.open(config.vault().file(), key)) {
        return KmsTables.open(config.store(), written, InstantSource.system(), random);
      }
    }
  }

  /// Does what is noted: nothing is done that cannot be.
  <T> T act(String name, String target, Act<T> act) throws CommandFailed, IOException {
    note(name, target, "begun");
    boolean isDone = false;
    try {
      T result = look(act);
      isDone = true;
      return result;
    } finally {
      note(name, target, isDone ? "done" : "failed");
    }
  }

  /// Only reads.
  <T> T look(Act<T> act) throws CommandFailed, IOException {
    try {
      return act.on(tables.registry());
    } catch (StoreException e) {
      throw unreachable(e);
    }
  }

  private void note(String name, String target, String outcome) throws IOException {
    try {
      audit.note(actor, name, target, outcome);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static CommandFailed unreachable(StoreException e) {
    return new CommandFailed(ExitCode.MISSING_PREREQUISITE, String.valueOf(e.getMessage()), e);
  }

  @Override
  public void close() {
    tables.close();
    audit.close();
  }
}
