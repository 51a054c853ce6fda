package parley.gateway.config;

import java.nio.file.Path;
import java.util.List;
import parley.keys.store.Database;
import parley.keys.store.Migration;
import parley.keys.store.PostgresSettings;
import parley.keys.store.StoreException;

/// Where a role keeps its tables.
public sealed interface StoreConfig {
  /// A file of this host.
  record Sqlite(Path file) implements StoreConfig {}

  /// A server that several instances share.
  record Postgresql(PostgresSettings settings) implements StoreConfig {}

  /// Opens it and brings its tables up to date.
  default Database open(List<Migration> migrations) throws StoreException {
    return switch (this) {
      case Sqlite(Path file) -> Database.sqlite(file, migrations);
      case Postgresql(PostgresSettings settings) -> Database.postgresql(settings, migrations);
    };
  }
}
