package parley.keys.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Tables of one role, in a file of SQLite or on a PostgreSQL server, brought up to date when they
/// are opened.
///
/// A transaction is serializable: it behaves as if no other ran beside it, in this instance or
/// another. What [#write] returned from is durable. Where another instance was in the way, or the
/// connection was lost before the commit, the work is done again from its start; so it does nothing
/// but read and write tables, and never opens a second transaction.
///
/// A connection that is lost during the commit leaves open whether it took effect; the exception
/// says so, and whoever called reads before it writes again.
///
/// Safe for use by many threads, virtual ones too.
public final class Database implements AutoCloseable {
  private static final int MOST_CONFLICTS = 200;
  private static final int MOST_LOSSES = 20;
  private static final int LONGEST_PAUSE_MILLIS = 40;

  private final Engine engine;

  private Database(Engine engine) {
    this.engine = engine;
  }

  /// Opens `file`, which is made for its owner alone where there is none.
  public static Database sqlite(Path file, List<Migration> migrations) throws StoreException {
    return opened(Sqlite.open(file), migrations);
  }

  public static Database postgresql(PostgresSettings settings, List<Migration> migrations)
      throws StoreException {
    return opened(Postgres.open(settings), migrations);
  }

  private static Database opened(Engine engine, List<Migration> migrations) throws StoreException {
    var database = new Database(engine);
    boolean done = false;
    try {
      database.migrate(new Migrations(migrations));
      done = true;
      return database;
    } finally {
      if (!done) {
        database.close();
      }
    }
  }

  /// One transaction, repeated from its start when another instance was in the way; durable on
  /// return.
  public <T> T write(Work<T> work) throws StoreException {
    return repeated(engine::toWrite, work);
  }

  /// One transaction that changes nothing and sees one state of the tables.
  public <T> T read(Work<T> work) throws StoreException {
    return repeated(engine::toRead, work);
  }

  private void migrate(Migrations migrations) throws StoreException {
    boolean more = true;
    while (more) {
      more = repeated(engine::toWrite, connection -> step(migrations, connection)).taken();
    }
  }

  private Step step(Migrations migrations, Connection connection) throws SQLException {
    engine.alone(connection);
    try {
      return new Step(migrations.step(connection));
    } catch (Migrations.Unfit e) {
      throw new Refused(new StoreException("database " + engine.name() + " " + e.getMessage()));
    }
  }

  private <T> T repeated(Begin begin, Work<T> work) throws StoreException {
    int conflicts = 0;
    int losses = 0;
    while (true) {
      try {
        return once(begin, work);
      } catch (Refused e) {
        throw e.why;
      } catch (SQLException e) {
        boolean again =
            switch (engine.meaning(e)) {
              case CONFLICT -> ++conflicts < MOST_CONFLICTS;
              case LOST -> ++losses < MOST_LOSSES;
              case FINAL -> false;
            };
        if (!again) {
          throw engine.explained(e);
        }
        pause(Math.max(conflicts, losses), e);
      }
    }
  }

  private <T> T once(Begin begin, Work<T> work) throws SQLException {
    Connection connection = begin.transaction();
    boolean done = false;
    try {
      T result = work.with(connection);
      commit(connection);
      done = true;
      return result;
    } finally {
      if (!done) {
        engine.rollBack(connection);
      }
      engine.release(connection);
    }
  }

  private void commit(Connection connection) throws SQLException {
    try {
      engine.commit(connection);
    } catch (SQLException e) {
      if (engine.meaning(e) == Engine.Failure.LOST) {
        throw new Refused(
            new StoreException(
                "database %s was lost in the middle of a commit; look whether it took effect"
                    .formatted(engine.name()),
                e));
      }
      throw e;
    }
  }

  /// Of random length, so that two instances do not meet again.
  private void pause(int times, SQLException why) throws StoreException {
    int most = Math.min(LONGEST_PAUSE_MILLIS, 1 << Math.min(times, 10));
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(most));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw engine.explained(why);
    }
  }

  @Override
  public void close() {
    engine.close();
  }

  @Override
  public String toString() {
    return "Database[" + engine.name() + "]";
  }

  /// What is done within one transaction, maybe more than once; the connection belongs to it for
  /// the length of the call, and is neither committed nor closed by it.
  @FunctionalInterface
  public interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /// Where a transaction begins.
  private interface Begin {
    Connection transaction() throws SQLException;
  }

  private record Step(boolean taken) {}

  /// Carries a sentence past the repetition.
  private static final class Refused extends SQLException {
    private static final long serialVersionUID = 1;
    private final transient StoreException why;

    Refused(StoreException why) {
      super(why);
      this.why = why;
    }
  }
}
