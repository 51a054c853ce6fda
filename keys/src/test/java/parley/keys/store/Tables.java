package parley.keys.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// A role's tables for tests, and what is done with them on either database.
final class Tables {
  static final Migration FIRST =
      Migration.of(
          1,
          "CREATE TABLE test_counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
          "INSERT INTO test_counter VALUES ('a', 0), ('b', 0)");
  static final Migration SECOND =
      Migration.of(
          2,
          "CREATE TABLE test_blob (id BIGINT PRIMARY KEY, octets BYTEA NOT NULL, open BOOLEAN NOT"
              + " NULL, counter TEXT NOT NULL REFERENCES test_counter (name))",
          "UPDATE test_counter SET value = value + 100 WHERE name = 'b'");
  static final List<Migration> BOTH = List.of(FIRST, SECOND);

  private Tables() {}

  static long value(Database database, String name) throws StoreException {
    return database.read(connection -> value(connection, name));
  }

  static long value(java.sql.Connection connection, String name) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT value FROM test_counter WHERE name = ?")) {
      select.setString(1, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : -1;
      }
    }
  }

  /// Reads, then writes what it read plus one: loses counts unless transactions are serializable.
  static long count(java.sql.Connection connection, String name) throws SQLException {
    long next = value(connection, name) + 1;
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE test_counter SET value = ? WHERE name = ?")) {
      update.setLong(1, next);
      update.setString(2, name);
      int rows = update.executeUpdate();
      return rows == 1 ? next : -1;
    }
  }

  static long number(Database database, String sql) throws StoreException {
    return database.read(connection -> {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        return row.next() ? row.getLong(1) : -1;
      }
    });
  }

  /// The same `times` over at once; what each came to.
  static <T> List<T> atOnce(int times, Callable<T> task) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> running =
          threads.invokeAll(IntStream.range(0, times).mapToObj(_ -> task).toList());
      List<T> results = new java.util.ArrayList<>();
      for (Future<T> one : running) {
        results.add(one.get());
      }
      return results;
    }
  }
}
