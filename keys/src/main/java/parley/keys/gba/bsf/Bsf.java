package parley.keys.gba.bsf;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import parley.keys.gba.Fqdn;
import parley.keys.gba.KsNaf;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.aka.AuthenticationVector;
import parley.keys.gba.hss.Hss;
import parley.keys.gba.hss.IssuedChallenge;
import parley.keys.gba.hss.SpentChallenges;
import parley.keys.gba.push.GpiCodec;
import parley.keys.gba.zn.NafKey;
import parley.keys.gba.zn.PushInfo;
import parley.keys.gba.zn.ZnClient;
import parley.keys.store.Database;
import parley.keys.store.Migration;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// Holds Ks of those whose SIM has proved itself, and derives from it the key of one server at a
/// time (TS 33.220, 4.5). Never gives Ks away. Safe for use by many threads.
public final class Bsf implements AutoCloseable {
  /// Of subscribers and sessions, for one database.
  public static final List<Migration> TABLES =
      List.of(Hss.TABLES, SessionTable.TABLES, MasterProof.TABLES);

  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);

  private final BsfSettings settings;
  private final Database database;
  private final Hss hss;
  private final SessionTable sessions;
  private final GpiCodec codec;
  private final InstantSource clock;
  private final SecureRandom random;
  private Instant nextSweep;

  /// @param hss on the same database; stays the caller's, as the database does
  /// @param master as the HSS has it; stays the caller's
  public Bsf(
      BsfSettings settings,
      Database database,
      Hss hss,
      SecretBytes master,
      GpiCodec codec,
      InstantSource clock,
      SecureRandom random) {
    this.settings = settings;
    this.database = database;
    this.hss = hss;
    this.sessions = new SessionTable(database, master, random);
    this.codec = codec;
    this.clock = clock;
    this.random = random;
    this.nextSweep = clock.instant();
  }

  Fqdn fqdn() {
    return settings.fqdn();
  }

  boolean serves(Fqdn naf) {
    return settings.nafs().isEmpty() || settings.nafs().contains(naf);
  }

  boolean mayPush(Fqdn naf) {
    return settings.pushers().contains(naf);
  }

  /// Whether a push can name this NAF_Id.
  boolean canName(NafId naf) {
    return codec.fits(naf);
  }

  /// The name that the bootstrap of this challenge gets.
  Tid btid(IssuedChallenge challenge) {
    return Tid.bootstrapped(challenge.rand(), settings.fqdn());
  }

  /// Whether this challenge was answered before.
  boolean isAnswered(IssuedChallenge challenge) throws StoreException {
    return database.read(connection -> SpentChallenges.isSpent(connection, challenge.rand()));
  }

  /// The name and the end of a bootstrap.
  record Bootstrapped(Tid btid, Instant until) {}

  /// Keeps Ks of a challenge that was answered rightly, durable on return. Empty if it was answered
  /// before: then this answer is a copy.
  Optional<Bootstrapped> bootstrap(IssuedChallenge challenge, SecretBytes ks)
      throws StoreException {
    sweepWhenDue();
    var made = new Bootstrapped(btid(challenge), end(settings.lifetime()));
    return database.write(connection -> {
      if (!SpentChallenges.spend(connection, challenge.rand(), challenge.until())) {
        return Optional.<Bootstrapped>empty();
      }
      sessions.putBootstrapped(connection, made.btid, challenge.impi(), ks, made.until);
      return Optional.of(made);
    });
  }

  private Instant end(Duration lifetime) {
    return clock.instant().plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
  }

  /// The key of this NAF_Id, which the caller has made sure to be its own; the caller closes it.
  Optional<NafKey> nafKey(Tid tid, NafId naf) throws StoreException {
    if (!tid.isOf(settings.fqdn())) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Optional<SessionTable.Session> found =
        tid.isPushed() ? sessions.pushed(tid, naf, now) : sessions.bootstrapped(tid, now);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (SessionTable.Session session = found.get()) {
      SecretBytes key =
          tid.isPushed()
              ? session.secret().duplicate()
              : KsNaf.derive(session.secret(), tid.localOctets(), session.impi(), naf);
      List<Identity> identities = hss.identities(session.impi());
      return Optional.of(new NafKey(tid, naf, session.impi(), identities, session.until(), key));
    }
  }

  /// A challenge and a key for the subscriber with this identity, without being asked (TS 33.223);
  /// the caller closes it.
  Optional<PushInfo> push(Identity user, NafId naf) throws StoreException {
    Optional<String> impi = hss.impiOf(user);
    Optional<AuthenticationVector> drawn =
        impi.isEmpty() ? Optional.empty() : hss.vector(impi.get());
    if (drawn.isEmpty()) {
      return Optional.empty();
    }
    sweepWhenDue();
    try (AuthenticationVector vector = drawn.get()) {
      return Optional.of(push(vector, impi.get(), naf));
    }
  }

  private PushInfo push(AuthenticationVector vector, String impi, NafId naf) throws StoreException {
    byte[] local = new byte[Tid.LOCAL_OCTETS];
    random.nextBytes(local);
    Tid ptid = Tid.pushed(local, settings.fqdn());
    Instant until = end(settings.pushLifetime());
    byte[] gpi = codec.seal(vector, impi, ptid, naf, until);
    SecretBytes ksNaf = KsNaf.derive(vector.keys().ks(), vector.rand(), impi, naf);
    sessions.putPushed(ptid, impi, naf, ksNaf, until);
    return new PushInfo(gpi, new NafKey(ptid, naf, impi, hss.identities(impi), until, ksNaf));
  }

  /// Takes a subscriber out of the list, and the keys it has bootstrapped.
  ///
  /// @return false if there is none
  public boolean remove(String impi) throws StoreException {
    int sessionsGone = sessions.remove(impi);
    return hss.remove(impi) || sessionsGone > 0;
  }

  /// Ends all bootstraps and pushed keys of a subscriber, who may bootstrap again; what NAFs hold
  /// runs out by itself.
  ///
  /// @return how many there were
  public int endSessions(String impi) throws StoreException {
    return sessions.remove(impi);
  }

  /// How many keys are good now.
  public long sessions() throws StoreException {
    return sessions.count(clock.instant());
  }

  /// For a NAF in this process, which asks for the keys of its own name alone.
  public ZnClient direct(Fqdn naf) {
    return new DirectZn(this, naf);
  }

  /// Removes Ks and spent challenges whose time is over; also done by the way, once a minute.
  public void sweep() throws StoreException {
    hss.sweep();
    Instant now = clock.instant();
    int _ =
        database.write(connection -> {
          SessionTable.sweep(connection, now);
          return 0;
        });
  }

  private void sweepWhenDue() throws StoreException {
    synchronized (this) {
      Instant now = clock.instant();
      if (now.isBefore(nextSweep)) {
        return;
      }
      nextSweep = now.plus(BETWEEN_SWEEPS);
    }
    sweep();
  }

  @Override
  public void close() {
    sessions.close();
  }

  @Override
  public String toString() {
    return "Bsf[" + settings.fqdn() + "]";
  }

  /// Zn without a network between.
  private record DirectZn(Bsf bsf, Fqdn own) implements ZnClient {
    @Override
    public Optional<NafKey> nafKey(Tid tid, NafId naf) throws IOException {
      requireOwn(naf);
      try {
        return bsf.nafKey(tid, naf);
      } catch (StoreException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    public Optional<PushInfo> push(Identity user, NafId naf) throws IOException {
      requireOwn(naf);
      if (!bsf.mayPush(own)) {
        throw new IOException(
            own + " is not among the NAFs that may push; add it to the BSF's list");
      }
      try {
        return bsf.push(user, naf);
      } catch (StoreException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    private void requireOwn(NafId naf) {
      if (!naf.fqdn().equals(own)) {
        throw new IllegalArgumentException(own + " asks for a key of " + naf.fqdn());
      }
    }
  }
}
