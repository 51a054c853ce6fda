package parley.keys.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server that several instances share: serializable transactions, which the server
/// breaks off where two of them cannot both be right.
final class Postgres implements Engine {
  /// Any number, the same in all instances.
  private static final long MIGRATION_LOCK = 0x7061726c6579L;

  private static final long WAIT_MILLIS = 10_000;

  /// Serialization failure, deadlock.
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  /// The server ends, has ended or starts the session; class 08 is about the connection itself.
  private static final Set<String> LOSSES = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");

  private final PostgresSettings settings;
  private final HikariDataSource pool;

  private Postgres(PostgresSettings settings, HikariDataSource pool) {
    this.settings = settings;
    this.pool = pool;
  }

  static Postgres open(PostgresSettings settings) throws StoreException {
    requireTlsAbroad(settings);
    try {
      var opened = new Postgres(settings, new HikariDataSource(config(settings)));
      opened.requireDurable();
      return opened;
    } catch (HikariPool.PoolInitializationException e) {
      throw e.getCause() instanceof SQLException why
          ? explained(settings, why)
          : new StoreException("database " + settings.name() + " cannot be reached", e);
    }
  }

  private static void requireTlsAbroad(PostgresSettings settings) throws StoreException {
    try {
      if (settings.rootCertificate() == null
          && !InetAddress.getByName(settings.host()).isLoopbackAddress()) {
        throw new StoreException(
            "database %s is on another host; name the root certificate of its server"
                .formatted(settings.name()));
      }
    } catch (UnknownHostException e) {
      throw new StoreException(
          "database %s: nobody knows that host; correct its name".formatted(settings.name()), e);
    }
  }

  private static HikariConfig config(PostgresSettings settings) {
    var config = new HikariConfig();
    config.setJdbcUrl(
        "jdbc:postgresql://%s:%d/%s"
            .formatted(bracketed(settings.host()), settings.port(), settings.database()));
    config.setUsername(settings.user());
    config.setPoolName("parley-postgresql");
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(1);
    config.setAutoCommit(false);
    config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
    config.setConnectionTimeout(WAIT_MILLIS);
    property(config, "authenticationPluginClassName", PasswordFile.class.getName());
    property(config, PasswordFile.FILE, settings.passwordFile());
    property(config, "sslmode", settings.rootCertificate() == null ? "disable" : "verify-full");
    property(config, "sslrootcert", settings.rootCertificate());
    property(config, "sslcert", settings.certificate());
    property(config, "sslkey", settings.privateKey());
    property(config, "connectTimeout", "5");
    property(config, "socketTimeout", "60");
    property(config, "tcpKeepAlive", "true");
    property(config, "logServerErrorDetail", "false");
    property(config, "ApplicationName", "parley");
    property(config, "options", "-c idle_in_transaction_session_timeout=60s");
    return config;
  }

  private static String bracketed(String host) {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  private static void property(HikariConfig config, String name, @Nullable Object value) {
    if (value != null) {
      config.addDataSourceProperty(name, value instanceof Path path ? path.toString() : value);
    }
  }

  /// A server that forgets commits would let us issue twice what was issued once.
  private void requireDurable() throws StoreException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String setting : new String[] {"fsync", "synchronous_commit"}) {
        try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
          if (row.next() && row.getString(1).equals("off")) {
            throw new StoreException(
                "database %s may forget what it committed; set %s = on there"
                    .formatted(name(), setting));
          }
        }
      }
      connection.rollback();
    } catch (SQLException e) {
      pool.close();
      throw explained(e);
    } catch (StoreException e) {
      pool.close();
      throw e;
    }
  }

  @Override
  public Connection toWrite() throws SQLException {
    return pool.getConnection();
  }

  @Override
  public Connection toRead() throws SQLException {
    Connection connection = pool.getConnection();
    connection.setReadOnly(true);
    return connection;
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    connection.commit();
  }

  @Override
  public void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException _) {
      // the connection is broken; the server undoes the same
    }
  }

  /// The pool throws a broken one away.
  @Override
  public void release(Connection connection) {
    try {
      connection.close();
    } catch (SQLException _) {
      // the failure that broke it was reported
    }
  }

  /// A serializable transaction sees the tables as they were before it waited for the lock, so this
  /// one reads what is committed.
  @Override
  public void alone(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
      statement.execute("SELECT pg_advisory_xact_lock(" + MIGRATION_LOCK + ")");
    }
  }

  @Override
  public Failure meaning(SQLException e) {
    String state = state(e);
    if (CONFLICTS.contains(state)) {
      return Failure.CONFLICT;
    }
    boolean lost = state.startsWith("08") || LOSSES.contains(state);
    return lost && !(e instanceof SQLTransientConnectionException) ? Failure.LOST : Failure.FINAL;
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  @Override
  public StoreException explained(SQLException e) {
    return explained(settings, e);
  }

  private static StoreException explained(PostgresSettings settings, SQLException e) {
    String state = state(e);
    String what =
        switch (state) {
          case "28P01", "28000" ->
              "it refuses user %s; correct the user, the password file or pg_hba.conf"
                  .formatted(settings.user());
          case "3D000" -> "there is no such database; create it on the server";
          case "42501" -> "user %s may not do that; make it the owner".formatted(settings.user());
          case "40001", "40P01" -> "other transactions were in the way for too long; try again";
          default ->
              state.startsWith("08") || LOSSES.contains(state)
                  ? "it cannot be reached (%s); check server and network".formatted(first(e))
                  : first(e);
        };
    return new StoreException("database %s failed: %s".formatted(settings.name(), what), e);
  }

  /// The first line: what follows it is about the statement.
  private static String first(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public void close() {
    pool.close();
  }
}
