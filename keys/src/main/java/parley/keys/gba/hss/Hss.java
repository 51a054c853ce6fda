package parley.keys.gba.hss;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import parley.keys.gba.Subkey;
import parley.keys.gba.aka.AgreedKeys;
import parley.keys.gba.aka.AuthenticationVector;
import parley.keys.gba.aka.Sqn;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.store.Database;
import parley.keys.store.Migration;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// Makes challenges for USIMs and knows what answers them (TS 33.102, 6.3).
///
/// It keeps nothing of a challenge that is out: the nonce carries RAND, AUTN and the end of its
/// time under a MAC, and RAND is enough to compute RES and Ks again. So a flood of requests fills
/// no memory, and any instance on the same database takes any answer. Safe for use by many threads.
public final class Hss implements AutoCloseable {
  /// How long a challenge may be answered.
  public static final Duration CHALLENGE_LIFETIME = Duration.ofSeconds(60);

  /// The tables of subscribers, number 1 of the role's migrations.
  public static final Migration TABLES = SubscriberTable.TABLES;

  private final Database database;
  private final SubscriberTable subscribers;
  private final SqnReservations reservations;
  private final SecretBytes decoyKey;
  private final SecretBytes nonceKey;
  private final InstantSource clock;
  private final SecureRandom random;

  /// @param database opened with [#TABLES] among its migrations; stays the caller's
  /// @param master 32 octets of the vault that seal what the tables hold, the same for all
  ///   instances; stays the caller's
  public Hss(Database database, SecretBytes master, InstantSource clock, SecureRandom random) {
    if (master.length() != Subkey.MASTER_OCTETS) {
      throw new IllegalArgumentException("the sealing key has 32 octets");
    }
    this.database = database;
    this.subscribers = new SubscriberTable(database, master, random);
    this.reservations = new SqnReservations(database);
    this.decoyKey = Subkey.of(master, "keys of nobody");
    this.nonceKey = Subkey.of(master, "challenges of this HSS");
    this.clock = clock;
    this.random = random;
  }

  /// A challenge for whoever says to be `impi`. A stranger's looks the same and takes the same
  /// work; no answer to it is right.
  public IssuedChallenge challenge(String impi) throws StoreException {
    try (AuthenticationVector vector = vectorFor(impi)) {
      long until = clock.instant().plus(CHALLENGE_LIFETIME).getEpochSecond();
      ByteBuffer nonce =
          ByteBuffer.allocate(IssuedChallenge.NONCE_OCTETS)
              .put(vector.rand())
              .put(vector.autn())
              .putLong(until);
      byte[] signed = Arrays.copyOf(nonce.array(), nonce.position());
      return new IssuedChallenge(impi, nonce.put(mac(impi, signed)).array());
    }
  }

  private byte[] mac(String impi, byte[] signed) {
    byte[] full = Subkey.authenticate(nonceKey, impi.getBytes(UTF_8), signed);
    return Arrays.copyOf(full, IssuedChallenge.MAC_OCTETS);
  }

  private AuthenticationVector vectorFor(String impi) throws StoreException {
    try (SubscriberKey key = keyOrDecoy(impi)) {
      byte[] rand = new byte[AuthenticationVector.RAND_OCTETS];
      random.nextBytes(rand);
      return key.vector(rand, reservations.next(impi));
    }
  }

  /// Of a subscriber alone, for a push; the caller closes it.
  public Optional<AuthenticationVector> vector(String impi) throws StoreException {
    Optional<SubscriberKey> known = subscribers.key(impi);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    known.get().close();
    return Optional.of(vectorFor(impi));
  }

  private SubscriberKey keyOrDecoy(String impi) throws StoreException {
    Optional<SubscriberKey> known = subscribers.key(impi);
    try (SecretBytes decoy = Subkey.of(decoyKey, "K and OPc", impi.getBytes(UTF_8))) {
      return known.isPresent() ? known.get() : SubscriberKey.decode(decoy);
    }
  }

  /// The challenge that this nonce is, if this HSS issued it to `impi` and its time is not over.
  public Optional<IssuedChallenge> recognise(String impi, byte[] nonce) {
    if (nonce.length != IssuedChallenge.NONCE_OCTETS) {
      return Optional.empty();
    }
    int signed = nonce.length - IssuedChallenge.MAC_OCTETS;
    byte[] expected = mac(impi, Arrays.copyOf(nonce, signed));
    if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(nonce, signed, nonce.length))) {
      return Optional.empty();
    }
    return Optional.of(new IssuedChallenge(impi, nonce))
        .filter(challenge -> !clock.instant().isAfter(challenge.until()));
  }

  /// RES and Ks of this challenge; the caller closes them. A stranger's are of nobody's key.
  public AgreedKeys answerTo(IssuedChallenge challenge) throws StoreException {
    try (SubscriberKey key = keyOrDecoy(challenge.impi())) {
      return key.agree(challenge.rand());
    }
  }

  /// Goes on behind the SQN that the USIM has seen, if MAC-S proves that the USIM said it about
  /// this challenge and it says so for the first time; durable on return. Nobody else can move SQN.
  public boolean resynchronise(IssuedChallenge challenge, byte[] auts) throws StoreException {
    Optional<Sqn> sqnMs;
    try (SubscriberKey key = keyOrDecoy(challenge.impi())) {
      sqnMs = key.verifiedAuts(challenge.rand(), auts);
    }
    if (sqnMs.isEmpty() || sqnMs.get().seq() > Sqn.MOST_SEQ - Sqn.DELTA) {
      return false;
    }
    boolean adopted =
        database.write(connection -> {
          boolean first = SpentChallenges.spend(connection, challenge.rand(), challenge.until());
          if (first) {
            SqnReservations.adopt(connection, challenge.impi(), sqnMs.get());
          }
          return first;
        });
    if (adopted) {
      reservations.forget(challenge.impi());
    }
    return adopted;
  }

  /// For which public identities a subscriber may get keys.
  public List<Identity> identities(String impi) throws StoreException {
    return subscribers.identities(impi);
  }

  /// How many subscribers there are.
  public long count() throws StoreException {
    return subscribers.count();
  }

  /// Subscribers in the order of their names, at most so many, behind this one.
  ///
  /// @param after empty for the first
  public List<Subscriber> list(String after, int most) throws StoreException {
    return subscribers.list(after, most);
  }

  /// The place of the first of these that is there with another key.
  Optional<Integer> otherKey(List<NewSubscriber> many) throws StoreException {
    return subscribers.otherKey(many);
  }

  /// The subscriber with this public identity.
  public Optional<String> impiOf(Identity identity) throws StoreException {
    return subscribers.impiOf(identity);
  }

  /// Adds one, durable on return; one who is there with the same key gets the identities it had
  /// not.
  ///
  /// @return false if there is one of this name with another key; then nothing changed
  public boolean add(NewSubscriber subscriber) throws StoreException {
    return subscribers.add(List.of(subscriber)).isEmpty();
  }

  /// As [#add] for many, all or none of them.
  ///
  /// @return the place of the first that is there with another key
  Optional<Integer> addAll(List<NewSubscriber> many) throws StoreException {
    return subscribers.add(many);
  }

  /// Takes one out; what was bootstrapped before runs out by itself.
  public boolean remove(String impi) throws StoreException {
    boolean removed = subscribers.remove(impi);
    reservations.forget(impi);
    return removed;
  }

  /// Forgets answered challenges that are over; to be called every now and then.
  public void sweep() throws StoreException {
    Instant now = clock.instant();
    int _ =
        database.write(connection -> {
          SpentChallenges.sweep(connection, now);
          return 0;
        });
  }

  @Override
  public void close() {
    subscribers.close();
    decoyKey.close();
    nonceKey.close();
  }

  @Override
  public String toString() {
    return "Hss[]";
  }
}
