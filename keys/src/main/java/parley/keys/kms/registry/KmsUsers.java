package parley.keys.kms.registry;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;

/// Identities and the names they are known by. Every change is durable on return, and every front
/// end sees it at its next request.
public final class KmsUsers {
  private final Database database;

  KmsUsers(Database database) {
    this.database = database;
  }

  /// Makes `identity` a user of this KMS, or one whose home is `homeKms`; what is known of it
  /// already stays.
  public void add(Identity identity, @Nullable String homeKms) throws StoreException {
    int _ = database.write(c -> add(c, identity, homeKms));
  }

  private static int add(Connection c, Identity identity, @Nullable String homeKms)
      throws SQLException {
    return Sql.change(
        c,
        "INSERT INTO kms_user (identity, home_kms) VALUES (?, ?)"
            + " ON CONFLICT (identity) DO UPDATE SET home_kms = excluded.home_kms",
        identity,
        homeKms);
  }

  /// Adds all of them with their devices and names, or nothing: empty when it is done, else the
  /// place in the list of the first one with a name that is another user's.
  public Optional<Integer> enter(List<NewKmsUser> users) throws StoreException {
    return enter(users, _ -> {});
  }

  /// @param progress told the share that is entered, from 0 to 1; nothing is durable before the end
  public Optional<Integer> enter(List<NewKmsUser> users, DoubleConsumer progress)
      throws StoreException {
    return database.write(c -> {
      Optional<Integer> taken = firstTaken(c, users);
      if (taken.isEmpty()) {
        int done = 0;
        for (NewKmsUser user : users) {
          enter(c, user);
          progress.accept((double) ++done / users.size());
        }
      }
      return taken;
    });
  }

  private static Optional<Integer> firstTaken(Connection c, List<NewKmsUser> users)
      throws SQLException {
    Map<NewKmsUser.Name, String> owners = new HashMap<>();
    for (int i = 0; i < users.size(); i++) {
      String own = users.get(i).identity().uri();
      for (NewKmsUser.Name name : users.get(i).names()) {
        String before = owners.putIfAbsent(name, own);
        List<String> stored = named(c, name.way(), List.of(name.name()));
        boolean isFree = before == null || before.equals(own);
        if (!isFree || !stored.stream().allMatch(own::equals)) {
          return Optional.of(i);
        }
      }
    }
    return Optional.empty();
  }

  private static void enter(Connection c, NewKmsUser user) throws SQLException {
    int _ = add(c, user.identity(), user.homeKms());
    for (String device : user.devices()) {
      int _ = addDevice(c, user.identity(), device);
    }
    for (NewKmsUser.Name name : user.names()) {
      int _ = name(c, user.identity(), name.way(), name.name());
    }
  }

  /// By what `identity` is known.
  public Set<NewKmsUser.Name> names(Identity identity) throws StoreException {
    return Set.copyOf(
        database.read(c ->
            Sql.list(
                c,
                "SELECT way, name FROM kms_name WHERE identity = ?",
                row -> new NewKmsUser.Name(KnownBy.valueOf(row.getString(1)), row.getString(2)),
                identity)));
  }

  /// Makes `identity`, a user, known by this name; false where the name is another user's.
  public boolean name(Identity identity, KnownBy way, String name) throws StoreException {
    return database.write(c -> {
      int _ = name(c, identity, way, name);
      return Set.of(identity.uri()).equals(Set.copyOf(named(c, way, List.of(name))));
    });
  }

  private static int name(Connection c, Identity identity, KnownBy way, String name)
      throws SQLException {
    return Sql.change(
        c,
        "INSERT INTO kms_name (way, name, identity) VALUES (?, ?, ?)"
            + " ON CONFLICT (way, name) DO NOTHING",
        way,
        name,
        identity);
  }

  /// Takes a name away, from whoever has it.
  public boolean forgetName(KnownBy way, String name) throws StoreException {
    return database.write(
            c -> Sql.change(c, "DELETE FROM kms_name WHERE way = ? AND name = ?", way, name))
        > 0;
  }

  /// Lets `device` of a user have keys; from the first one on, no other may.
  public void addDevice(Identity identity, String device) throws StoreException {
    int _ = database.write(c -> addDevice(c, identity, device));
  }

  static int addDevice(Connection c, Identity identity, String device) throws SQLException {
    return Sql.change(
        c,
        "INSERT INTO kms_device (identity, device) VALUES (?, ?)"
            + " ON CONFLICT (identity, device) DO NOTHING",
        identity,
        device);
  }

  /// Takes `device` from a user, with its transport keys and tickets: a lost radio.
  public boolean removeDevice(Identity identity, String device) throws StoreException {
    return database.write(c -> {
      int _ =
          Sql.change(
              c, "DELETE FROM kms_transport WHERE identity = ? AND device = ?", identity, device);
      int _ =
          Sql.change(
              c, "DELETE FROM kms_ticket WHERE identity = ? AND device = ?", identity, device);
      return Sql.change(
          c, "DELETE FROM kms_device WHERE identity = ? AND device = ?", identity, device);
    })
        > 0;
  }

  /// Withdraws a user: from now on it is issued nothing, however it is known. False where it is no
  /// user.
  public boolean revoke(Identity identity, String reason) throws StoreException {
    return mark(identity, reason);
  }

  /// Takes a withdrawal back.
  public boolean reinstate(Identity identity) throws StoreException {
    return mark(identity, null);
  }

  private boolean mark(Identity identity, @Nullable String revoked) throws StoreException {
    return database.write(c ->
        Sql.change(c, "UPDATE kms_user SET revoked = ? WHERE identity = ?", revoked, identity))
        > 0;
  }

  /// The user known by one of these names; empty where there is none, or they are different users'.
  public Optional<Identity> known(KnownBy way, Collection<String> names) throws StoreException {
    Set<String> found = new HashSet<>(database.read(c -> named(c, way, names)));
    return found.size() == 1
        ? Optional.of(new Identity(found.iterator().next()))
        : Optional.empty();
  }

  private static List<String> named(Connection c, KnownBy way, Collection<String> names)
      throws SQLException {
    Set<String> found = new HashSet<>();
    for (String name : names) {
      found.addAll(
          Sql.list(
              c,
              "SELECT identity FROM kms_name WHERE way = ? AND name = ?",
              row -> row.getString(1),
              way,
              name));
    }
    return List.copyOf(found);
  }

  /// All that is known of a user; empty where it is none.
  public Optional<KmsUser> find(Identity identity) throws StoreException {
    return database.read(c -> read(c, identity));
  }

  private static Optional<KmsUser> read(Connection c, Identity identity) throws SQLException {
    Set<String> devices =
        Set.copyOf(
            Sql.list(
                c,
                "SELECT device FROM kms_device WHERE identity = ?",
                row -> row.getString(1),
                identity));
    Set<Identity> managed =
        Set.copyOf(
            Sql.list(
                c,
                "SELECT uri FROM kms_group_manager WHERE identity = ?",
                row -> new Identity(row.getString(1)),
                identity));
    return Sql.first(
        c,
        "SELECT home_kms, revoked FROM kms_user WHERE identity = ?",
        row -> new KmsUser(identity, row.getString(1), row.getString(2), devices, managed),
        identity);
  }

  /// Every user, in order.
  public List<Identity> all() throws StoreException {
    return database.read(c ->
        Sql.list(
            c,
            "SELECT identity FROM kms_user ORDER BY identity",
            row -> new Identity(row.getString(1))));
  }
}
