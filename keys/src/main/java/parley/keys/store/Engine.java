package parley.keys.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/// What SQLite and PostgreSQL do differently: how to connect, how to be alone, and what a failure
/// means.
sealed interface Engine permits Sqlite, Postgres {
  /// Connections for transactions that write.
  HikariDataSource writers();

  /// Connections for transactions that only read; the same where the database keeps both apart.
  HikariDataSource readers();

  /// Makes the open transaction the only one of its kind until its end, whoever else starts.
  void alone(Connection connection) throws SQLException;

  /// What a failure of a transaction means.
  Failure meaning(SQLException e);

  /// One sentence for the operator.
  StoreException explained(SQLException e);

  /// For log lines and sentences: which database this is, without a secret.
  String name();

  /// What a failed transaction calls for.
  enum Failure {
    /// Another transaction was in the way: the same work may succeed now.
    CONFLICT,
    /// The connection is gone, and with it what was not committed.
    LOST,
    /// Repeating would fail alike.
    FINAL
  }
}
