package parley.keys.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A JVM of its own that uses a store until somebody kills it.
public final class StoreChild {
  static final List<Migration> TABLES =
      List.of(
          Migration.of(1, "CREATE TABLE child_row (id BIGINT PRIMARY KEY, name TEXT NOT NULL)"));

  private StoreChild() {}

  /// `sqlite FILE`: writes row after row and prints each number once its commit has returned.
  /// `postgres PORT DATABASE USER PASSWORDFILE`: inserts row 1, prints, and never commits.
  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "sqlite" -> writeRows(Path.of(arguments[1]));
      case "postgres" ->
          stayInside(
              PostgresSettings.of(
                  "127.0.0.1",
                  Integer.parseInt(arguments[1]),
                  arguments[2],
                  arguments[3],
                  Path.of(arguments[4]),
                  null));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void writeRows(Path file) throws StoreException {
    try (Database database = Database.sqlite(file, TABLES)) {
      for (long id = 1; ; id++) {
        long next = id;
        database.write(connection -> insert(connection, next));
        System.out.println(id);
      }
    }
  }

  private static void stayInside(PostgresSettings settings) throws StoreException {
    try (Database database = Database.postgresql(settings, TABLES)) {
      database.write(connection -> {
        insert(connection, 1);
        System.out.println("inside");
        return awaitForever();
      });
    }
  }

  private static int awaitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  static int insert(Connection connection, long id) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO child_row VALUES (?, ?)")) {
      insert.setLong(1, id);
      insert.setString(2, "row " + id);
      return insert.executeUpdate();
    }
  }

  static Process start(String... arguments) throws java.io.IOException {
    var command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                StoreChild.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
