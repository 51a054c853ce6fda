package parley.keys.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;

/// Brings the tables of a role up to date: each step in a transaction of its own, remembered in the
/// table `parley_migration` with a digest of its statements.
///
/// [Engine#alone] keeps a second instance out for the length of a step, which then finds it done.
/// The digest tells a database of another role, or a step that somebody altered.
final class Migrations {
  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS parley_migration (number BIGINT PRIMARY KEY, digest TEXT NOT"
          + " NULL)";

  private final List<Migration> known;

  Migrations(List<Migration> known) {
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).number() != i + 1) {
        throw new IllegalArgumentException("migrations are numbered from 1 without a gap");
      }
    }
    this.known = List.copyOf(known);
  }

  /// Takes the first step that is missing; false when there was none.
  boolean step(Connection connection) throws SQLException, Unfit {
    try (Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
      int done = done(statement);
      if (done == known.size()) {
        return false;
      }
      Migration next = known.get(done);
      for (String sql : next.statements()) {
        statement.execute(sql);
      }
      remember(connection, next);
      return true;
    }
  }

  private int done(Statement statement) throws SQLException, Unfit {
    int done = 0;
    try (ResultSet rows =
        statement.executeQuery("SELECT number, digest FROM parley_migration ORDER BY number")) {
      while (rows.next()) {
        int number = rows.getInt(1);
        if (number > known.size()) {
          throw new Unfit(
              "has tables of a newer program (step %d, this one knows %d); start that program"
                  .formatted(number, known.size()));
        }
        done++;
        if (number != done || !digest(known.get(done - 1)).equals(rows.getString(2))) {
          throw new Unfit("has the tables of another role; give each role a database of its own");
        }
      }
    }
    return done;
  }

  private static void remember(Connection connection, Migration migration) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO parley_migration VALUES (?, ?)")) {
      insert.setInt(1, migration.number());
      insert.setString(2, digest(migration));
      insert.executeUpdate();
    }
  }

  private static String digest(Migration migration) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (String sql : migration.statements()) {
        sha256.update(sql.getBytes(UTF_8));
        sha256.update((byte) 0);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /// What the database holds is not for this program; the message goes on after its name.
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    Unfit(String what) {
      super(what);
    }
  }
}
