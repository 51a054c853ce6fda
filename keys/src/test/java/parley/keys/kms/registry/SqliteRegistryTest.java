package parley.keys.kms.registry;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.store.Database;

/// The registry in a file, opened twice.
class SqliteRegistryTest extends RegistryPromises {
  @TempDir Path directory;

  @Override
  Database open() throws Exception {
    return Database.sqlite(directory.resolve("kms.db"), KmsRegistry.MIGRATIONS);
  }
}
