package parley.keys.kms.registry;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// The pre-shared keys of users, sealed. A user is known by each of its own until its name is
/// forgotten ([KmsUsers#forgetName]).
public final class PresharedKeys {
  private final Database database;
  private final SealingKey sealing;
  private final SecureRandom random;

  PresharedKeys(Database database, SealingKey sealing, SecureRandom random) {
    this.database = database;
    this.sealing = sealing;
    this.random = random;
  }

  /// Makes a key by which a user is known from now on, in the place of an older one of this name;
  /// empty where the name is another user's. The caller hands it over and closes it.
  ///
  /// @param name as [PresharedKey#requireName] lets it pass
  public Optional<PresharedKey> make(Identity identity, String name) throws StoreException {
    var made =
        new PresharedKey(
            PresharedKey.requireName(name),
            SecretBytes.random(PresharedKey.OCTETS, random, "pre-shared key"));
    byte[] sealed = sealing.seal(made.secret(), owner(identity.uri(), name));
    boolean isMade = false;
    try {
      isMade = database.write(c -> put(c, identity, name, sealed));
      return isMade ? Optional.of(made) : Optional.empty();
    } finally {
      if (!isMade) {
        made.close();
      }
    }
  }

  private static boolean put(Connection c, Identity identity, String name, byte[] sealed)
      throws SQLException {
    int _ =
        Sql.change(
            c,
            "INSERT INTO kms_name (way, name, identity) VALUES (?, ?, ?)"
                + " ON CONFLICT (way, name) DO NOTHING",
            KnownBy.PRESHARED_KEY,
            name,
            identity);
    boolean isOwn =
        Sql.first(
                c,
                "SELECT identity FROM kms_name WHERE way = ? AND name = ?",
                row -> row.getString(1),
                KnownBy.PRESHARED_KEY,
                name)
            .filter(identity.uri()::equals)
            .isPresent();
    if (isOwn) {
      int _ =
          Sql.change(
              c,
              "INSERT INTO kms_psk (name, sealed) VALUES (?, ?)"
                  + " ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
              name,
              sealed);
    }
    return isOwn;
  }

  /// The key of this name, while it is a user's; the caller closes it.
  public Optional<PresharedKey> find(String name) throws StoreException {
    return database.read(c ->
        Sql.first(
            c,
            "SELECT n.identity, p.sealed FROM kms_name n JOIN kms_psk p ON p.name = n.name"
                + " WHERE n.way = ? AND n.name = ?",
            row ->
                new PresharedKey(
                    name, sealing.open(row.getBytes(2), owner(row.getString(1), name))),
            KnownBy.PRESHARED_KEY,
            name));
  }

  private static String owner(String uri, String name) {
    return String.join("\0", "psk", uri, name);
  }
}
