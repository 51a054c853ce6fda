package parley.keys.gba.hss;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.gba.aka.AgreedKeys;
import parley.keys.gba.aka.Sqn;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.aka.UsimAnswer;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.mikey.secret.SecretBytes;

/// Challenges and resynchronisation; row 23 of the threats.
class HssTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final String NOBODY = "nobody@home1.net";

  @TempDir Path directory;
  private final FakeClock clock = new FakeClock(NOW);
  private final SecretBytes master = Subscribers.master();
  private Database database;
  private Hss hss;

  @BeforeEach
  void open() throws StoreException {
    database = Database.sqlite(directory.resolve("hss.db"), List.of(Hss.TABLES));
    hss = new Hss(database, master, clock, Secrets.RANDOM);
    try (NewSubscriber alice = Subscribers.alice()) {
      assertThat(hss.add(alice)).isTrue();
    }
  }

  @AfterEach
  void close() {
    hss.close();
    database.close();
  }

  @Test
  void agreesWithTheUsim() throws Exception {
    try (Usim usim = Subscribers.usim()) {
      for (int i = 0; i < 100; i++) {
        IssuedChallenge challenge = hss.challenge(Subscribers.ALICE);
        try (AgreedKeys theirs = agreed(usim, challenge);
            AgreedKeys ours = hss.answerTo(challenge)) {
          assertThat(ours.res()).isEqualTo(theirs.res());
          assertThat(ours.ks()).isEqualTo(theirs.ks());
        }
      }
    }
  }

  @Test
  void knowsItsOwnChallengesUntilTheyEnd() throws Exception {
    IssuedChallenge challenge = hss.challenge(Subscribers.ALICE);
    byte[] nonce = challenge.nonce();

    assertThat(hss.recognise(Subscribers.ALICE, nonce)).isPresent();
    assertThat(hss.recognise(NOBODY, nonce)).isEmpty();
    for (int bit = 0; bit < 8 * nonce.length; bit++) {
      byte[] flipped = nonce.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(hss.recognise(Subscribers.ALICE, flipped)).isEmpty();
    }
    assertThat(hss.recognise(Subscribers.ALICE, Arrays.copyOf(nonce, nonce.length - 1))).isEmpty();
    clock.set(challenge.until());
    assertThat(hss.recognise(Subscribers.ALICE, nonce)).isPresent();
    clock.pass(Duration.ofNanos(1));
    assertThat(hss.recognise(Subscribers.ALICE, nonce)).isEmpty();
  }

  /// Each time another challenge, as a subscriber gets it, and no USIM takes it.
  @Test
  void challengesAStrangerLikeASubscriber() throws Exception {
    IssuedChallenge one = hss.challenge(NOBODY);
    IssuedChallenge other = hss.challenge(NOBODY);

    assertThat(one.nonce()).hasSameSizeAs(hss.challenge(Subscribers.ALICE).nonce());
    assertThat(one.rand()).isNotEqualTo(other.rand());
    assertThat(hss.recognise(NOBODY, one.nonce())).isPresent();
    try (Usim usim = Subscribers.usim();
        AgreedKeys keys = hss.answerTo(one);
        AgreedKeys again = hss.answerTo(one)) {
      assertThat(authenticate(usim, one)).isInstanceOf(UsimAnswer.WrongMac.class);
      assertThat(keys.res()).isEqualTo(again.res());
    }
    assertThat(hss.vector(NOBODY)).isEmpty();
    assertThat(hss.resynchronise(one, new byte[14])).isFalse();
  }

  @Test
  void neverChallengesWithTheKeyOfTheRowOfNobody() throws Exception {
    assertThat(hss.vector("")).isEmpty();
    assertThat(hss.remove("")).isFalse();
    assertThat(hss.challenge("")).isNotNull();
  }

  @Test
  void goesOnBehindWhatTheUsimHasSeen() throws Exception {
    var memory = new Subscribers.Memory().usedUntil(1_000_000);
    try (Usim usim = Subscribers.usim(memory)) {
      agreed(usim, resynchronised(usim)).close();
      agreed(usim, hss.challenge(Subscribers.ALICE)).close();
    }
    assertThat(memory.seqs()).anyMatch(seq -> seq > 1_000_000);
  }

  /// An HSS that was set up anew far ahead comes back to where the USIM is.
  @Test
  void comesBackWhenItIsTooFarAhead() throws Exception {
    try (Usim usim = Subscribers.usim()) {
      agreed(usim, hss.challenge(Subscribers.ALICE)).close();
      database.write(c -> {
        try (var update = c.createStatement()) {
          return update.executeUpdate("UPDATE gba_subscriber SET next_seq = " + (10 * Sqn.DELTA));
        }
      });
      reopen();
      agreed(usim, resynchronised(usim)).close();
    }
  }

  private IssuedChallenge resynchronised(Usim usim) throws Exception {
    IssuedChallenge challenge = hss.challenge(Subscribers.ALICE);
    byte[] auts = auts(usim, challenge);
    assertThat(hss.resynchronise(challenge, auts)).isTrue();
    return hss.challenge(Subscribers.ALICE);
  }

  @Test
  void adoptsAnAutsOnce() throws Exception {
    try (Usim usim = Subscribers.usim(new Subscribers.Memory().usedUntil(5_000))) {
      IssuedChallenge challenge = hss.challenge(Subscribers.ALICE);
      byte[] auts = auts(usim, challenge);
      assertThat(hss.resynchronise(challenge, auts)).isTrue();
      assertThat(hss.resynchronise(challenge, auts)).isFalse();
      reopen();
      assertThat(hss.resynchronise(challenge, auts)).isFalse();
    }
  }

  @Test
  void adoptsNoAutsOfAnotherChallengeOrAStranger() throws Exception {
    try (Usim usim = Subscribers.usim(new Subscribers.Memory().usedUntil(5_000))) {
      IssuedChallenge challenge = hss.challenge(Subscribers.ALICE);
      byte[] auts = auts(usim, challenge);
      assertThat(hss.resynchronise(hss.challenge(Subscribers.ALICE), auts)).isFalse();
      assertThat(hss.resynchronise(hss.challenge(NOBODY), auts)).isFalse();
      auts[0] ^= 1;
      assertThat(hss.resynchronise(challenge, auts)).isFalse();
      auts[0] ^= 1;
      assertThat(hss.resynchronise(challenge, auts)).isTrue();
    }
  }

  /// A SIM that says it has seen the last numbers could end its own service; the HSS stays.
  @Test
  void adoptsNoNumberThatLeavesNoneBehindIt() throws Exception {
    try (Usim usim =
        Subscribers.usim(new Subscribers.Memory().usedUntil(Sqn.MOST_SEQ - Sqn.DELTA + 1))) {
      IssuedChallenge challenge = hss.challenge(Subscribers.ALICE);
      assertThat(hss.resynchronise(challenge, auts(usim, challenge))).isFalse();
    }
  }

  @Test
  void forgetsSpentChallengesWhenTheyAreOver() throws Exception {
    try (Usim usim = Subscribers.usim(new Subscribers.Memory().usedUntil(5_000))) {
      IssuedChallenge challenge = hss.challenge(Subscribers.ALICE);
      assertThat(hss.resynchronise(challenge, auts(usim, challenge))).isTrue();
    }
    hss.sweep();
    assertThat(spent()).isEqualTo(1);
    clock.pass(Hss.CHALLENGE_LIFETIME.plusSeconds(2));
    hss.sweep();
    assertThat(spent()).isZero();
  }

  @Test
  void knowsWhoseIdentitiesTheseAre() throws Exception {
    assertThat(hss.identities(Subscribers.ALICE)).containsExactly(Subscribers.ALICE_PUBLIC);
    assertThat(hss.impiOf(Subscribers.ALICE_PUBLIC)).hasValue(Subscribers.ALICE);
    assertThat(hss.identities(NOBODY)).isEmpty();
    assertThat(hss.remove(Subscribers.ALICE)).isTrue();
    assertThat(hss.remove(Subscribers.ALICE)).isFalse();
    assertThat(hss.impiOf(Subscribers.ALICE_PUBLIC)).isEmpty();
    assertThat(hss.vector(Subscribers.ALICE)).isEmpty();
  }

  @Test
  void keepsTheKeyOfOneWhoIsThere() throws Exception {
    try (NewSubscriber again = Subscribers.of(Subscribers.ALICE, "tel:+358401234567")) {
      assertThat(hss.add(again)).isTrue();
    }
    assertThat(hss.identities(Subscribers.ALICE)).hasSize(2);
    SubscriberKey key =
        SubscriberKey.of(Secrets.hex("00".repeat(16)), Secrets.hex(Subscribers.OPC));
    try (var other = new NewSubscriber(Subscribers.ALICE, List.of(), key);
        Usim usim = Subscribers.usim()) {
      assertThat(hss.add(other)).isFalse();
      agreed(usim, hss.challenge(Subscribers.ALICE)).close();
    }
  }

  @Test
  void showsNoKeyInItsFile() throws Exception {
    byte[] file = java.nio.file.Files.readAllBytes(directory.resolve("hss.db"));
    byte[] journal = java.nio.file.Files.readAllBytes(directory.resolve("hss.db-wal"));
    byte[] k = java.util.HexFormat.of().parseHex(Subscribers.K);
    String all =
        new String(file, java.nio.charset.StandardCharsets.ISO_8859_1)
            + new String(journal, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(all.contains(Subscribers.ALICE)).isTrue();
    assertThat(all.contains(new String(k, 0, 8, java.nio.charset.StandardCharsets.ISO_8859_1)))
        .isFalse();
  }

  private void reopen() {
    hss.close();
    hss = new Hss(database, master, clock, Secrets.RANDOM);
  }

  private long spent() throws StoreException {
    return database.read(c -> {
      try (var select = c.createStatement();
          var row = select.executeQuery("SELECT count(*) FROM gba_spent")) {
        return row.next() ? row.getLong(1) : -1;
      }
    });
  }

  private static UsimAnswer authenticate(Usim usim, IssuedChallenge challenge) throws Exception {
    byte[] autn = Arrays.copyOfRange(challenge.nonce(), 16, 32);
    return usim.authenticate(challenge.rand(), autn);
  }

  private static AgreedKeys agreed(Usim usim, IssuedChallenge challenge) throws Exception {
    return ((UsimAnswer.Agreed) authenticate(usim, challenge)).keys();
  }

  private static byte[] auts(Usim usim, IssuedChallenge challenge) throws Exception {
    return ((UsimAnswer.SynchronisationFailure) authenticate(usim, challenge)).auts();
  }
}
