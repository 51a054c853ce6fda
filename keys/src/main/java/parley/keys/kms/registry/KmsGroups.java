package parley.keys.kms.registry;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import parley.keys.kms.message.GroupEntry;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;

/// Group identities: where their managers are, who may have a group's own keys, who belongs to it.
public final class KmsGroups {
  private final Database database;

  KmsGroups(Database database) {
    this.database = database;
  }

  /// Adds a group or changes where its manager is.
  public void put(GroupEntry group) throws StoreException {
    int _ = database.write(c -> put(c, group));
  }

  /// The same, with its managers and its members as [#managers] and [#members] have them: all of it
  /// or nothing.
  public void put(GroupEntry group, Collection<Identity> managers, Collection<Identity> members)
      throws StoreException {
    int _ =
        database.write(c ->
            put(c, group)
                + managers(c, group.group(), managers)
                + members(c, group.group(), members));
  }

  private static int put(Connection c, GroupEntry group) throws SQLException {
    return Sql.change(
        c,
        "INSERT INTO kms_group (uri, signer, address, kms) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (uri) DO UPDATE SET signer = excluded.signer,"
            + " address = excluded.address, kms = excluded.kms",
        group.group(),
        group.manager(),
        group.managerAddress(),
        group.kmsUri());
  }

  /// Lets these users, and no others, have the keys of `group`.
  public void managers(Identity group, Collection<Identity> managers) throws StoreException {
    int _ = database.write(c -> managers(c, group, managers));
  }

  private static int managers(Connection c, Identity group, Collection<Identity> managers)
      throws SQLException {
    int changed = Sql.change(c, "DELETE FROM kms_group_manager WHERE uri = ?", group);
    for (Identity manager : Set.copyOf(managers)) {
      changed +=
          Sql.change(
              c, "INSERT INTO kms_group_manager (uri, identity) VALUES (?, ?)", group, manager);
    }
    return changed;
  }

  /// Says who belongs to `group`: these and no others.
  public void members(Identity group, Collection<Identity> members) throws StoreException {
    int _ = database.write(c -> members(c, group, members));
  }

  private static int members(Connection c, Identity group, Collection<Identity> members)
      throws SQLException {
    int changed = Sql.change(c, "DELETE FROM kms_group_member WHERE uri = ?", group);
    for (Identity member : Set.copyOf(members)) {
      changed +=
          Sql.change(
              c, "INSERT INTO kms_group_member (uri, identity) VALUES (?, ?)", group, member);
    }
    return changed;
  }

  /// The groups that `member` belongs to, in order; `most` at most.
  public List<GroupEntry> of(Identity member, int most) throws StoreException {
    return database.read(c ->
        Sql.list(
            c,
            "SELECT g.uri, g.signer, g.address, g.kms FROM kms_group g"
                + " JOIN kms_group_member m ON m.uri = g.uri"
                + " WHERE m.identity = ? ORDER BY g.uri LIMIT ?",
            row ->
                new GroupEntry(
                    new Identity(row.getString(1)),
                    new Identity(row.getString(2)),
                    row.getString(3),
                    row.getString(4)),
            member,
            (long) most));
  }

  /// Whether `identity` is a group of this registry.
  public boolean has(Identity identity) throws StoreException {
    return !database
        .read(c ->
            Sql.list(c, "SELECT uri FROM kms_group WHERE uri = ?", r -> r.getString(1), identity))
        .isEmpty();
  }
}
