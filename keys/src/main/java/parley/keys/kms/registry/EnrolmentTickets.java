package parley.keys.kms.registry;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
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

  /// Whom a ticket is for, and what the answer to it is wrapped under; the keys close with it.
  public record Holder(Identity identity, String device, TransportKeys keys)
      implements AutoCloseable {
    @Override
    public void close() {
      keys.close();
    }
  }

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
  /// on. The caller hands it over and closes it.
  public EnrolmentTicket make(Identity identity, String device, Duration good)
      throws StoreException {
    EnrolmentTicket ticket = EnrolmentTicket.make(random);
    try (TransportKeys keys = ticket.transportKeys()) {
      byte[] sealed = shelf.seal(identity, device, keys);
      byte[] hash = EnrolmentTicket.hash(ticket.bearer());
      int _ =
          database.write(c -> {
            int _ = KmsUsers.addDevice(c, identity, device);
            return Sql.change(
                c,
                "INSERT INTO kms_ticket (hash, identity, device, expires, used, sealed)"
                    + " VALUES (?, ?, ?, ?, ?, ?)",
                hash,
                identity,
                device,
                clock.instant().plus(good).getEpochSecond(),
                false,
                sealed);
          });
      return ticket;
    }
  }

  /// Whom this bearer token is for, while its ticket is good and not used; the caller closes it.
  public Optional<Holder> holder(String bearer) throws StoreException {
    if (bearer.length() > MOST_BEARER) {
      return Optional.empty();
    }
    return database.read(c ->
        Sql.first(
            c,
            "SELECT identity, device, sealed FROM kms_ticket"
                + " WHERE hash = ? AND used = ? AND expires > ?",
            row -> {
              Identity identity = new Identity(row.getString(1));
              TransportKeys keys =
                  shelf.open(
                      identity,
                      row.getString(2),
                      EnrolmentTicket.trkId(bearer),
                      EnrolmentTicket.inkId(bearer),
                      row.getBytes(3));
              return new Holder(identity, row.getString(2), keys);
            },
            EnrolmentTicket.hash(bearer),
            false,
            clock.instant().getEpochSecond()));
  }

  /// Uses the ticket up: for one caller alone, of all front ends, which gets the transport keys
  /// that the device is to have from now on, and closes them. Nothing of the ticket is good any
  /// more. Durable on return.
  public Optional<HeldKeys> use(String bearer) throws StoreException {
    TransportKeys fresh = shelf.fresh();
    Optional<HeldKeys> given = Optional.empty();
    try {
      given = database.write(c -> use(c, EnrolmentTicket.hash(bearer), fresh));
      return given;
    } finally {
      if (given.isEmpty()) {
        fresh.close();
      }
    }
  }

  private Optional<HeldKeys> use(Connection c, byte[] hash, TransportKeys fresh)
      throws SQLException {
    Instant now = clock.instant();
    int used =
        Sql.change(
            c,
            "UPDATE kms_ticket SET used = ?, sealed = ?"
                + " WHERE hash = ? AND used = ? AND expires > ?",
            true,
            new byte[0],
            hash,
            false,
            now.getEpochSecond());
    if (used != 1) {
      return Optional.empty();
    }
    HeldKeys held =
        Sql.first(
                c,
                "SELECT identity, device FROM kms_ticket WHERE hash = ?",
                row -> new HeldKeys(new Identity(row.getString(1)), row.getString(2), now, fresh),
                hash)
            .orElseThrow();
    int _ =
        shelf.put(
            c,
            held.identity(),
            held.device(),
            fresh,
            shelf.seal(held.identity(), held.device(), fresh));
    return Optional.of(held);
  }

  /// Removes what has expired, used or not.
  public int clear() throws StoreException {
    return database.write(c ->
        Sql.change(
            c, "DELETE FROM kms_ticket WHERE expires <= ?", clock.instant().getEpochSecond()));
  }
}
