package parley.keys.kms.registry;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import parley.keys.kms.message.TransportKeys;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;

/// The tickets that are out: their hashes, whom they enrol, until when. A ticket is used once, also
/// where two front ends are asked at the same moment.
public final class EnrolmentTickets {
  private static final int MOST_BEARER = 128;

  /// Whom a ticket is for.
  public record Holder(Identity identity, String device) {}

  private final Database database;
  private final TransportKeyShelf shelf;
  private final InstantSource clock;
  private final SecureRandom random;

  EnrolmentTickets(
      Database database, TransportKeyShelf shelf, InstantSource clock, SecureRandom random) {
    this.database = database;
    this.shelf = shelf;
    this.clock = clock;
    this.random = random;
  }

  /// Makes a ticket for `device` of a user, good for so long; the device is one of its own from now
  /// on, and has the transport keys that follow from the ticket. The caller hands it over and
  /// closes it.
  public EnrolmentTicket make(Identity identity, String device, Duration good)
      throws StoreException {
    EnrolmentTicket ticket = EnrolmentTicket.make(random);
    try (TransportKeys keys = ticket.transportKeys()) {
      byte[] sealed = shelf.seal(identity, device, keys);
      byte[] hash = EnrolmentTicket.hash(ticket.bearer());
      int _ =
          database.write(c -> {
            int _ = KmsUsers.addDevice(c, identity, device);
            int _ = shelf.put(c, identity, device, keys, sealed);
            return Sql.change(
                c,
                "INSERT INTO kms_ticket (hash, identity, device, expires, used)"
                    + " VALUES (?, ?, ?, ?, ?)",
                hash,
                identity,
                device,
                clock.instant().plus(good).getEpochSecond(),
                false);
          });
      return ticket;
    }
  }

  /// Whom this bearer token is for, while its ticket is good and not used.
  public Optional<Holder> holder(String bearer) throws StoreException {
    if (bearer.length() > MOST_BEARER) {
      return Optional.empty();
    }
    return database.read(c ->
        Sql.first(
            c,
            "SELECT identity, device FROM kms_ticket"
                + " WHERE hash = ? AND used = ? AND expires > ?",
            row -> new Holder(new Identity(row.getString(1)), row.getString(2)),
            EnrolmentTicket.hash(bearer),
            false,
            clock.instant().getEpochSecond()));
  }

  /// Uses the ticket up: true for one caller alone, of all front ends. Durable on return.
  public boolean use(String bearer) throws StoreException {
    return database.write(c ->
        Sql.change(
            c,
            "UPDATE kms_ticket SET used = ? WHERE hash = ? AND used = ? AND expires > ?",
            true,
            EnrolmentTicket.hash(bearer),
            false,
            clock.instant().getEpochSecond()))
        == 1;
  }

  /// Removes what has expired, used or not.
  public int clear() throws StoreException {
    return database.write(c ->
        Sql.change(
            c, "DELETE FROM kms_ticket WHERE expires <= ?", clock.instant().getEpochSecond()));
  }
}
