package parley.keys.store;

import java.sql.Connection;
import java.sql.SQLException;

/// What SQLite and PostgreSQL do differently: how to connect, how to be alone, and what a failure
/// means.
sealed interface Engine extends AutoCloseable permits Sqlite, Postgres {
  /// A connection that has begun a transaction; waits for its turn where there are too many.
  Connection toWrite() throws SQLException;

  /// A connection that has begun a transaction, which cannot change anything.
  Connection toRead() throws SQLException;

  /// Ends the transaction and makes it durable. After a failure it is still to be rolled back.
  void commit(Connection connection) throws SQLException;

  /// Ends the transaction as if it had never been, as far as the connection still works.
  void rollBack(Connection connection);

  /// Takes a connection back, whose transaction has ended.
  void release(Connection connection);

  /// Makes the open transaction the only one of its kind until its end, whoever else starts.
  void alone(Connection connection) throws SQLException;

  /// What a failure of a transaction means.
  Failure meaning(SQLException e);

  /// One sentence for the operator.
  StoreException explained(SQLException e);

  /// For log lines and sentences: which database this is, without a secret.
  String name();

  @Override
  void close();

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
