package parley.keys.kms.registry;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;

/// GMK messages that wait until their UE fetches its keys: one for each of its groups, the newest.
///
/// They are sealed for the UE by the group's manager; this is but a letter box. One is given out
/// until a newer takes its place or it expires, because nobody says here that it arrived.
public final class PendingGmks {
  private static final int MOST_OCTETS = 4096;

  private final Database database;
  private final InstantSource clock;

  PendingGmks(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Leaves an I_MESSAGE of `group` for `ue`, in the place of an older one.
  public void leave(Identity ue, Identity group, byte[] iMessage, Instant expires)
      throws StoreException {
    if (iMessage.length == 0 || iMessage.length > MOST_OCTETS) {
      throw new IllegalArgumentException("an I_MESSAGE has 1 to 4096 octets");
    }
    int _ =
        database.write(c ->
            Sql.change(
                c,
                "INSERT INTO kms_pending (identity, uri, expires, octets) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (identity, uri) DO UPDATE SET"
                    + " expires = excluded.expires, octets = excluded.octets",
                ue,
                group,
                expires.getEpochSecond(),
                iMessage));
  }

  /// What waits for `ue` of groups it still belongs to, `most` at most.
  public List<byte[]> waiting(Identity ue, int most) throws StoreException {
    return database.read(c ->
        Sql.list(
            c,
            "SELECT p.octets FROM kms_pending p JOIN kms_group_member m"
                + " ON m.uri = p.uri AND m.identity = p.identity"
                + " WHERE p.identity = ? AND p.expires > ? ORDER BY p.uri LIMIT ?",
            row -> row.getBytes(1),
            ue,
            clock.instant().getEpochSecond(),
            (long) most));
  }

  /// Removes what has expired.
  public int clear() throws StoreException {
    return database.write(c ->
        Sql.change(
            c, "DELETE FROM kms_pending WHERE expires <= ?", clock.instant().getEpochSecond()));
  }
}
