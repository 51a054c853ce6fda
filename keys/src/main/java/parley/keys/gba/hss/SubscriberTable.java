package parley.keys.gba.hss;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import parley.keys.gba.Subkey;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.store.Database;
import parley.keys.store.Migration;
import parley.keys.store.StoreException;
import parley.keys.vault.AesGcm;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// `gba_subscriber`: K and OPc sealed with the private identity as associated data, so that no key
/// moves to another row; `gba_identity`: which public identities are whose.
final class SubscriberTable implements AutoCloseable {
  /// Before it come the rows of subscribers whom nobody knows: see [SqnReservations].
  static final String NOBODY = "";

  /// SEQ of the first challenge; SEQ of a new USIM is 0.
  static final long FIRST_SEQ = SqnReservations.BLOCK;

  static final Migration TABLES =
      Migration.of(
          1,
          "CREATE TABLE gba_subscriber (impi TEXT PRIMARY KEY, sealed BYTEA NOT NULL,"
              + " next_seq BIGINT NOT NULL)",
          "INSERT INTO gba_subscriber VALUES ('" + NOBODY + "', '', " + FIRST_SEQ + ")",
          "CREATE TABLE gba_identity (impi TEXT NOT NULL REFERENCES gba_subscriber (impi),"
              + " uri TEXT NOT NULL, PRIMARY KEY (impi, uri))",
          "CREATE INDEX gba_identity_uri ON gba_identity (uri)",
          "CREATE TABLE gba_spent (rand TEXT PRIMARY KEY, until BIGINT NOT NULL)",
          "CREATE INDEX gba_spent_until ON gba_spent (until)");

  private final Database database;
  private final SecretBytes sealingKey;
  private final SecureRandom random;

  SubscriberTable(Database database, SecretBytes master, SecureRandom random) {
    this.database = database;
    this.sealingKey = Subkey.of(master, "K and OPc of subscribers");
    this.random = random;
  }

  /// Adds these in one transaction, durable on return. One that is there already with the same key
  /// gets the identities it had not.
  ///
  /// @return the place of one that is there with another key, after which nothing was added; else
  ///   empty
  Optional<Integer> add(List<NewSubscriber> subscribers) throws StoreException {
    return database.write(connection -> {
      Optional<Integer> other = otherKey(connection, subscribers);
      if (other.isEmpty()) {
        for (NewSubscriber subscriber : subscribers) {
          add(connection, subscriber);
        }
      }
      return other;
    });
  }

  Optional<Integer> otherKey(List<NewSubscriber> subscribers) throws StoreException {
    return database.read(connection -> otherKey(connection, subscribers));
  }

  private Optional<Integer> otherKey(Connection connection, List<NewSubscriber> subscribers)
      throws SQLException {
    for (int i = 0; i < subscribers.size(); i++) {
      if (hasAnotherKey(connection, subscribers.get(i))) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private boolean hasAnotherKey(Connection connection, NewSubscriber subscriber)
      throws SQLException {
    Optional<SubscriberKey> key = key(connection, subscriber.impi());
    if (key.isEmpty()) {
      return false;
    }
    try (SubscriberKey known = key.get();
        SecretBytes one = known.encode();
        SecretBytes other = subscriber.key().encode()) {
      return !one.equals(other);
    }
  }

  private void add(Connection connection, NewSubscriber subscriber) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO gba_subscriber VALUES (?, ?, ?) ON CONFLICT (impi) DO NOTHING")) {
      insert.setString(1, subscriber.impi());
      insert.setBytes(2, seal(subscriber));
      insert.setLong(3, FIRST_SEQ);
      int _ = insert.executeUpdate();
    }
    addIdentities(connection, subscriber);
  }

  private static void addIdentities(Connection connection, NewSubscriber subscriber)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO gba_identity VALUES (?, ?) ON CONFLICT (impi, uri) DO NOTHING")) {
      for (Identity identity : subscriber.identities()) {
        insert.setString(1, subscriber.impi());
        insert.setString(2, identity.uri());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private byte[] seal(NewSubscriber subscriber) {
    try (SecretBytes encoded = subscriber.key().encode()) {
      return AesGcm.seal(sealingKey, encoded, associated(subscriber.impi()), random);
    }
  }

  /// The caller closes it.
  Optional<SubscriberKey> key(String impi) throws StoreException {
    return database.read(connection -> key(connection, impi));
  }

  private Optional<SubscriberKey> key(Connection connection, String impi) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT sealed FROM gba_subscriber WHERE impi = ? AND impi <> ''")) {
      select.setString(1, impi);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(opened(impi, row.getBytes(1))) : Optional.empty();
      }
    }
  }

  private SubscriberKey opened(String impi, byte[] sealed) {
    SecretBytes encoded =
        AesGcm.open(sealingKey, sealed, associated(impi), "K and OPc")
            .orElseThrow(() ->
                new IllegalStateException(
                    "a subscriber's key does not open; the sealing key is not this database's"));
    try (encoded) {
      return SubscriberKey.decode(encoded);
    }
  }

  private static byte[] associated(String impi) {
    return ("gba_subscriber\0" + impi).getBytes(UTF_8);
  }

  List<Identity> identities(String impi) throws StoreException {
    return database.read(connection -> identities(connection, impi));
  }

  private static List<Identity> identities(Connection connection, String impi) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT uri FROM gba_identity WHERE impi = ? ORDER BY uri")) {
      select.setString(1, impi);
      List<Identity> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(new Identity(row.getString(1)));
        }
      }
      return found;
    }
  }

  long count() throws StoreException {
    return database.read(connection -> {
      try (PreparedStatement select =
              connection.prepareStatement("SELECT count(*) FROM gba_subscriber WHERE impi <> ''");
          ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : 0L;
      }
    });
  }

  List<Subscriber> list(String after, int most) throws StoreException {
    return database.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT impi FROM gba_subscriber WHERE impi > ? ORDER BY impi LIMIT ?")) {
        select.setString(1, after);
        select.setInt(2, most);
        List<Subscriber> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            String impi = row.getString(1);
            found.add(new Subscriber(impi, identities(connection, impi)));
          }
        }
        return found;
      }
    });
  }

  /// The subscriber with this public identity; the first by name where several share it.
  Optional<String> impiOf(Identity identity) throws StoreException {
    return database.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT impi FROM gba_identity WHERE uri = ? ORDER BY impi LIMIT 1")) {
        select.setString(1, identity.uri());
        try (ResultSet row = select.executeQuery()) {
          return row.next() ? Optional.of(row.getString(1)) : Optional.<String>empty();
        }
      }
    });
  }

  /// Takes a subscriber out with all identities; false when there is none.
  boolean remove(String impi) throws StoreException {
    return database.write(connection -> {
      try (PreparedStatement identities =
              connection.prepareStatement("DELETE FROM gba_identity WHERE impi = ?");
          PreparedStatement subscriber =
              connection.prepareStatement(
                  "DELETE FROM gba_subscriber WHERE impi = ? AND impi <> ''")) {
        identities.setString(1, impi);
        subscriber.setString(1, impi);
        int gone = identities.executeUpdate();
        return subscriber.executeUpdate() + gone > 0;
      }
    });
  }

  @Override
  public void close() {
    sealingKey.close();
  }
}
