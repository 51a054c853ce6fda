package parley.keys.kms.registry;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.Octets;

/// GMK messages that wait until their UE fetches its keys: one for each of its groups, the newest.
///
/// They are sealed for the UE by the group's manager; this is but a letter box. One is given out
/// until a newer takes its place or it expires, because nobody says here that it arrived.
public final class PendingGmks {
  private static final int MOST_OCTETS = 4096;

  /// What became of a message.
  public enum Leaving {
    /// It waits from now on.
    LEFT,
    /// These very octets wait already.
    THERE_ALREADY,
    /// One whose T is later, or the same, waits.
    NOT_NEWER
  }

  private record Waiting(NtpTimestamp t, Octets octets) {}

  private final Database database;
  private final InstantSource clock;

  PendingGmks(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Leaves an I_MESSAGE of time `t` of `group` for `ue`, in the place of an older one; durable on
  /// return.
  public Leaving leave(
      Identity ue, Identity group, NtpTimestamp t, byte[] iMessage, Instant expires)
      throws StoreException {
    if (iMessage.length == 0 || iMessage.length > MOST_OCTETS) {
      throw new IllegalArgumentException("an I_MESSAGE has 1 to 4096 octets");
    }
    return database.write(c -> {
      Optional<Waiting> before =
          Sql.first(
              c,
              "SELECT t, octets FROM kms_pending WHERE identity = ? AND uri = ?",
              row -> new Waiting(new NtpTimestamp(row.getLong(1)), Octets.of(row.getBytes(2))),
              ue,
              group);
      if (before.isPresent() && before.get().t.compareTo(t) >= 0) {
        return before.get().octets.equals(Octets.of(iMessage))
            ? Leaving.THERE_ALREADY
            : Leaving.NOT_NEWER;
      }
      int _ =
          Sql.change(
              c,
              "INSERT INTO kms_pending (identity, uri, t, expires, octets) VALUES (?, ?, ?, ?, ?)"
                  + " ON CONFLICT (identity, uri) DO UPDATE SET t = excluded.t,"
                  + " expires = excluded.expires, octets = excluded.octets",
              ue,
              group,
              t.bits(),
              expires.getEpochSecond(),
              iMessage);
      return Leaving.LEFT;
    });
  }

  /// What waits for `ue` of groups it still belongs to, the latest T first, `most` at most.
  public List<byte[]> waiting(Identity ue, int most) throws StoreException {
    return database.read(c ->
        Sql.list(
            c,
            "SELECT p.octets FROM kms_pending p JOIN kms_group_member m"
                + " ON m.uri = p.uri AND m.identity = p.identity"
                + " WHERE p.identity = ? AND p.expires > ? ORDER BY p.t DESC LIMIT ?",
            row -> row.getBytes(1),
            ue,
            clock.instant().getEpochSecond(),
            (long) most));
  }

  /// Removes what has expired, and what waits for whoever has left its group.
  public int clear() throws StoreException {
    return database.write(c ->
        Sql.change(
            c,
            "DELETE FROM kms_pending WHERE expires <= ? OR NOT EXISTS (SELECT 1"
                + " FROM kms_group_member m WHERE m.uri = kms_pending.uri"
                + " AND m.identity = kms_pending.identity)",
            clock.instant().getEpochSecond()));
  }
}
