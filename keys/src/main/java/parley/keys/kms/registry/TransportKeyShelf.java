package parley.keys.kms.registry;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import parley.keys.kms.message.TransportKeys;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// TrK and InK of each device, sealed. Two pairs of a device may be good at once: the one it uses
/// and the one it was given last, until it has used that.
public final class TransportKeyShelf {
  private static final int ID_OCTETS = 8;
  private static final String COLUMNS = "SELECT identity, device, trk, ink, made, sealed";

  private static final String OLDER =
      " FROM kms_transport WHERE identity = ? AND device = ? AND ink <> ? AND made < ?";

  private final Database database;
  private final SealingKey sealing;
  private final InstantSource clock;
  private final SecureRandom random;

  TransportKeyShelf(
      Database database, SealingKey sealing, InstantSource clock, SecureRandom random) {
    this.database = database;
    this.sealing = sealing;
    this.clock = clock;
    this.random = random;
  }

  /// Stores a pair that the operator has agreed with a device of a user; `keys` stay the caller's.
  public void put(Identity identity, String device, TransportKeys keys) throws StoreException {
    byte[] sealed = seal(identity, device, keys);
    int _ = database.write(c -> put(c, identity, device, keys, sealed));
  }

  int put(Connection c, Identity identity, String device, TransportKeys keys, byte[] sealed)
      throws SQLException {
    return Sql.change(
        c,
        "INSERT INTO kms_transport (ink, trk, identity, device, made, sealed)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        keys.signatureId(),
        keys.trkId(),
        identity,
        device,
        clock.instant().getEpochSecond(),
        sealed);
  }

  /// The pair whose InK has this id, whoever's it is; the caller closes it.
  public Optional<HeldKeys> signing(String inkId) throws StoreException {
    return first(COLUMNS + " FROM kms_transport WHERE ink = ?", inkId);
  }

  /// The pair of this user whose TrK has this id; the caller closes it.
  public Optional<HeldKeys> wrapping(Identity identity, String trkId) throws StoreException {
    return first(
        COLUMNS + " FROM kms_transport WHERE identity = ? AND trk = ?", identity.uri(), trkId);
  }

  /// The pair that a device was given last; the caller closes it.
  public Optional<HeldKeys> newest(Identity identity, String device) throws StoreException {
    return first(
        COLUMNS + " FROM kms_transport WHERE identity = ? AND device = ? ORDER BY made DESC, ink",
        identity.uri(),
        device);
  }

  private Optional<HeldKeys> first(String sql, String... values) throws StoreException {
    Optional<Shelved> found =
        database.read(c -> Sql.first(c, sql + " LIMIT 1", Shelved::read, (Object[]) values));
    return found.map(this::open);
  }

  /// The pair that replaces `present`: the newest if the device has not used it yet, else one that
  /// is made and stored now. The caller closes it.
  public HeldKeys successor(HeldKeys present) throws StoreException {
    TransportKeys fresh = fresh();
    byte[] sealed = seal(present.identity(), present.device(), fresh);
    try {
      Shelved kept =
          database.write(c -> {
            Optional<Shelved> newer =
                Sql.first(
                    c,
                    COLUMNS
                        + " FROM kms_transport WHERE identity = ? AND device = ? AND ink <> ?"
                        + " AND made >= ? ORDER BY made DESC, ink LIMIT 1",
                    Shelved::read,
                    present.identity(),
                    present.device(),
                    present.keys().signatureId(),
                    present.made().getEpochSecond());
            if (newer.isPresent()) {
              return newer.get();
            }
            int _ = put(c, present.identity(), present.device(), fresh, sealed);
            return new Shelved(
                present.identity(),
                present.device(),
                fresh.trkId(),
                fresh.signatureId(),
                clock.instant(),
                sealed);
          });
      return open(kept);
    } finally {
      fresh.close();
    }
  }

  /// The device has used `present`: what it had before is worth nothing any more. Writes where
  /// there is something to remove, which is seldom.
  public void used(HeldKeys present) throws StoreException {
    Object[] older = {
      present.identity(),
      present.device(),
      present.keys().signatureId(),
      present.made().getEpochSecond()
    };
    if (!database
        .read(c -> Sql.list(c, "SELECT ink" + OLDER, r -> r.getString(1), older))
        .isEmpty()) {
      int _ = database.write(c -> Sql.change(c, "DELETE" + OLDER, older));
    }
  }

  /// A new pair, stored nowhere yet.
  TransportKeys fresh() {
    byte[] id = new byte[ID_OCTETS];
    random.nextBytes(id);
    String name = HexFormat.of().formatHex(id);
    return TransportKeys.of(
        "trk." + name,
        SecretBytes.random(TransportKeys.KEY_OCTETS, random, "TrK"),
        "ink." + name,
        SecretBytes.random(TransportKeys.KEY_OCTETS, random, "InK"));
  }

  byte[] seal(Identity identity, String device, TransportKeys keys) {
    byte[] both =
        keys.trk()
            .lend(SecretAccess.token(), trk -> Arrays.copyOf(trk, 2 * TransportKeys.KEY_OCTETS));
    keys.ink()
        .lendTo(
            SecretAccess.token(),
            ink ->
                System.arraycopy(ink, 0, both, TransportKeys.KEY_OCTETS, TransportKeys.KEY_OCTETS));
    try (SecretBytes secret = SecretBytes.take(both, "transport keys")) {
      return sealing.seal(secret, owner(identity, device, keys.trkId(), keys.signatureId()));
    }
  }

  private HeldKeys open(Shelved shelved) {
    TransportKeys keys =
        open(shelved.identity(), shelved.device(), shelved.trk(), shelved.ink(), shelved.sealed());
    return new HeldKeys(shelved.identity(), shelved.device(), shelved.made(), keys);
  }

  /// What [#seal] gave; the caller closes it.
  TransportKeys open(Identity identity, String device, String trkId, String inkId, byte[] sealed) {
    try (SecretBytes both = sealing.open(sealed, owner(identity, device, trkId, inkId))) {
      SecretBytes trk = half(both, 0, "TrK");
      SecretBytes ink = half(both, TransportKeys.KEY_OCTETS, "InK");
      return trkId.equals(inkId)
          ? alone(trkId, trk, ink)
          : TransportKeys.of(trkId, trk, inkId, ink);
    }
  }

  private static TransportKeys alone(String id, SecretBytes trk, SecretBytes same) {
    same.close();
    return TransportKeys.of(id, trk);
  }

  private static SecretBytes half(SecretBytes both, int from, String label) {
    return both.lend(
        SecretAccess.token(),
        octets ->
            SecretBytes.take(
                Arrays.copyOfRange(octets, from, from + TransportKeys.KEY_OCTETS), label));
  }

  private static String owner(Identity identity, String device, String trk, String ink) {
    return String.join("\0", identity.uri(), device, trk, ink);
  }

  /// One row.
  private static final class Shelved {
    private final Identity identity;
    private final String device;
    private final String trk;
    private final String ink;
    private final Instant made;
    private final byte[] sealed;

    Shelved(Identity identity, String device, String trk, String ink, Instant made, byte[] sealed) {
      this.identity = identity;
      this.device = device;
      this.trk = trk;
      this.ink = ink;
      this.made = made;
      this.sealed = sealed;
    }

    static Shelved read(ResultSet row) throws SQLException {
      return new Shelved(
          new Identity(row.getString(1)),
          row.getString(2),
          row.getString(3),
          row.getString(4),
          Instant.ofEpochSecond(row.getLong(5)),
          row.getBytes(6));
    }

    Identity identity() {
      return identity;
    }

    String device() {
      return device;
    }

    String trk() {
      return trk;
    }

    String ink() {
      return ink;
    }

    Instant made() {
      return made;
    }

    byte[] sealed() {
      return sealed;
    }
  }
}
