package parley.keys.gba.bsf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import parley.keys.gba.Subkey;
import parley.keys.store.Database;
import parley.keys.store.Migration;
import parley.keys.store.StoreException;
import parley.mikey.secret.SecretBytes;

/// `gba_master`: by which key the tables are sealed, as an HMAC under that key. So an instance with
/// another vault is refused when it starts, and not when the first subscriber asks.
public final class MasterProof {
  static final Migration TABLES =
      Migration.of(3, "CREATE TABLE gba_master (number INTEGER PRIMARY KEY, proof TEXT NOT NULL)");

  private static final byte[] TEXT = "this key seals the tables of the BSF".getBytes(UTF_8);

  private MasterProof() {}

  /// Whether some key seals this database already.
  public static boolean isSet(Database database) throws StoreException {
    return database.read(connection -> find(connection).isPresent());
  }

  /// Whether `master` is the key of this database, which it becomes where there was none; durable
  /// on return.
  public static boolean fits(Database database, SecretBytes master) throws StoreException {
    String proof = HexFormat.of().formatHex(Subkey.authenticate(master, TEXT));
    return database.write(connection -> {
      Optional<String> known = find(connection);
      if (known.isEmpty()) {
        insert(connection, proof);
      }
      return known.isEmpty() || known.get().equals(proof);
    });
  }

  private static Optional<String> find(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT proof FROM gba_master WHERE number = 1");
        ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
    }
  }

  private static void insert(Connection connection, String proof) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO gba_master VALUES (1, ?)")) {
      insert.setString(1, proof);
      int _ = insert.executeUpdate();
    }
  }
}
