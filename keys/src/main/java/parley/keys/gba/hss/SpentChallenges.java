package parley.keys.gba.hss;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;

/// `gba_spent`: the challenges that were answered, until they are too old to be answered anyway. By
/// this table one answer counts, whichever instance it comes to.
public final class SpentChallenges {
  private SpentChallenges() {}

  /// Marks `rand` in the caller's transaction; false if it was marked before.
  public static boolean spend(Connection connection, byte[] rand, Instant until)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO gba_spent VALUES (?, ?) ON CONFLICT (rand) DO NOTHING")) {
      insert.setString(1, HexFormat.of().formatHex(rand));
      insert.setLong(2, until.getEpochSecond() + 1);
      return insert.executeUpdate() == 1;
    }
  }

  public static boolean isSpent(Connection connection, byte[] rand) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT 1 FROM gba_spent WHERE rand = ?")) {
      select.setString(1, HexFormat.of().formatHex(rand));
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  /// Forgets what nobody can answer any more.
  public static void sweep(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM gba_spent WHERE until < ?")) {
      delete.setLong(1, now.getEpochSecond());
      int _ = delete.executeUpdate();
    }
  }
}
