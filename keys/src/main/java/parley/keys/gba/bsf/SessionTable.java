package parley.keys.gba.bsf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import parley.keys.gba.NafId;
import parley.keys.gba.Subkey;
import parley.keys.gba.Tid;
import parley.keys.store.Database;
import parley.keys.store.Migration;
import parley.keys.store.StoreException;
import parley.keys.vault.AesGcm;
import parley.mikey.secret.SecretBytes;

/// `gba_session`: what was bootstrapped or pushed. Secrets are sealed with the name, and for a
/// pushed key with its NAF_Id, as associated data.
///
/// Of a bootstrap it keeps Ks; of a push only the one Ks_NAF that its Ks was for, so that the rest
/// of that Ks is gone when the push leaves (disposable Ks, TS 33.223).
final class SessionTable implements AutoCloseable {
  static final Migration TABLES =
      Migration.of(
          2,
          "CREATE TABLE gba_session (tid TEXT PRIMARY KEY, impi TEXT NOT NULL, naf TEXT NOT NULL,"
              + " sealed BYTEA NOT NULL, until BIGINT NOT NULL)",
          "CREATE INDEX gba_session_impi ON gba_session (impi)",
          "CREATE INDEX gba_session_until ON gba_session (until)");

  /// So many bootstraps of one subscriber are good at once; the oldest makes room.
  static final int MOST_OF_ONE = 4;

  private static final String BOOTSTRAPPED = "";

  private final Database database;
  private final SecretBytes sealingKey;
  private final SecureRandom random;

  SessionTable(Database database, SecretBytes master, SecureRandom random) {
    this.database = database;
    this.sealingKey = Subkey.of(master, "sessions of the BSF");
    this.random = random;
  }

  /// One row.
  static final class Session implements AutoCloseable {
    private final String impi;
    private final Instant until;
    private final SecretBytes secret;

    private Session(String impi, Instant until, SecretBytes secret) {
      this.impi = impi;
      this.until = until;
      this.secret = secret;
    }

    String impi() {
      return impi;
    }

    Instant until() {
      return until;
    }

    /// Ks of a bootstrap, Ks_NAF of a push.
    SecretBytes secret() {
      return secret;
    }

    @Override
    public void close() {
      secret.close();
    }
  }

  /// Stores Ks in the caller's transaction.
  void putBootstrapped(Connection connection, Tid btid, String impi, SecretBytes ks, Instant until)
      throws SQLException {
    put(connection, btid, impi, BOOTSTRAPPED, ks, until);
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM gba_session WHERE impi = ? AND naf = ? AND tid NOT IN"
                + " (SELECT tid FROM gba_session WHERE impi = ? AND naf = ?"
                + " ORDER BY CASE WHEN tid = ? THEN 1 ELSE 0 END DESC, until DESC, tid LIMIT ?)")) {
      delete.setString(1, impi);
      delete.setString(2, BOOTSTRAPPED);
      delete.setString(3, impi);
      delete.setString(4, BOOTSTRAPPED);
      delete.setString(5, btid.text());
      delete.setInt(6, MOST_OF_ONE);
      int _ = delete.executeUpdate();
    }
  }

  /// Stores the key of one NAF; durable on return.
  void putPushed(Tid ptid, String impi, NafId naf, SecretBytes ksNaf, Instant until)
      throws StoreException {
    int _ =
        database.write(connection -> {
          put(connection, ptid, impi, naf.toString(), ksNaf, until);
          return 0;
        });
  }

  private void put(
      Connection connection, Tid tid, String impi, String naf, SecretBytes secret, Instant until)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO gba_session VALUES (?, ?, ?, ?, ?)")) {
      insert.setString(1, tid.text());
      insert.setString(2, impi);
      insert.setString(3, naf);
      insert.setBytes(4, AesGcm.seal(sealingKey, secret, associated(tid, naf), random));
      insert.setLong(5, until.getEpochSecond());
      int _ = insert.executeUpdate();
    }
  }

  /// A bootstrap that is good at `now`; the caller closes it.
  Optional<Session> bootstrapped(Tid btid, Instant now) throws StoreException {
    return find(btid, BOOTSTRAPPED, now);
  }

  /// A push for exactly this NAF_Id that is good at `now`; the caller closes it.
  Optional<Session> pushed(Tid ptid, NafId naf, Instant now) throws StoreException {
    return find(ptid, naf.toString(), now);
  }

  private Optional<Session> find(Tid tid, String naf, Instant now) throws StoreException {
    return database.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT impi, sealed, until FROM gba_session WHERE tid = ? AND naf = ? AND until > ?")) {
        select.setString(1, tid.text());
        select.setString(2, naf);
        select.setLong(3, now.getEpochSecond());
        try (ResultSet row = select.executeQuery()) {
          return row.next() ? Optional.of(session(tid, naf, row)) : Optional.<Session>empty();
        }
      }
    });
  }

  private Session session(Tid tid, String naf, ResultSet row) throws SQLException {
    SecretBytes secret =
        AesGcm.open(sealingKey, row.getBytes(2), associated(tid, naf), "Ks of a session")
            .orElseThrow(() ->
                new IllegalStateException(
                    "a session does not open; the sealing key is not this database's"));
    return new Session(row.getString(1), Instant.ofEpochSecond(row.getLong(3)), secret);
  }

  private static byte[] associated(Tid tid, String naf) {
    return ("gba_session\0" + tid + "\0" + naf).getBytes(UTF_8);
  }

  /// Removes what is over.
  static void sweep(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM gba_session WHERE until <= ?")) {
      delete.setLong(1, now.getEpochSecond());
      int _ = delete.executeUpdate();
    }
  }

  /// How many are good at `now`.
  long count(Instant now) throws StoreException {
    return database.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement("SELECT count(*) FROM gba_session WHERE until > ?")) {
        select.setLong(1, now.getEpochSecond());
        try (ResultSet row = select.executeQuery()) {
          return row.next() ? row.getLong(1) : 0L;
        }
      }
    });
  }

  /// Removes what a subscriber has.
  int remove(String impi) throws StoreException {
    return database.write(connection -> {
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM gba_session WHERE impi = ?")) {
        delete.setString(1, impi);
        return delete.executeUpdate();
      }
    });
  }

  @Override
  public void close() {
    sealingKey.close();
  }
}
