package parley.keys.kms.registry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import parley.keys.store.Database;
import parley.keys.store.PostgresServer;
import parley.keys.store.PostgresSettings;

/// The registry on Debian's PostgreSQL, as two front ends on two hosts share it.
class PostgresRegistryTest extends RegistryPromises {
  private static @Nullable PostgresServer server;
  private static int databases;

  private @Nullable PostgresSettings settings;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Override
  Database open() throws Exception {
    if (settings == null && server != null) {
      settings = server.database("kms" + ++databases);
    }
    return Database.postgresql(Objects.requireNonNull(settings), KmsRegistry.MIGRATIONS);
  }
}
