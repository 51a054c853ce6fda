package parley.keys.gba.bsf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.NafId;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.aka.AgreedKeys;
import parley.keys.gba.hss.Hss;
import parley.keys.gba.hss.IssuedChallenge;
import parley.keys.gba.hss.NewSubscriber;
import parley.keys.gba.hss.Subscribers;
import parley.keys.gba.push.CompactGpi;
import parley.keys.gba.zn.NafKey;
import parley.keys.store.Database;
import parley.keys.store.PostgresServer;
import parley.mikey.secret.SecretBytes;

/// Two BSFs on one PostgreSQL are one BSF: a challenge of one is answered at the other, once.
class BsfTwoInstancesTest {
  private static final NafId NAF = new NafId(GbaWorld.KMS, UaProtocol.tls(0x1301));

  @SuppressWarnings("NullAway.Init")
  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  @SuppressWarnings("RedundantNullCheck")
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void takeEachAnswerOnceBetweenThem() throws Exception {
    var settings = server.database("bsf");
    var clock = new FakeClock(GbaWorld.NOW);
    try (SecretBytes master = Subscribers.master();
        Database one = Database.postgresql(settings, Bsf.TABLES);
        Database other = Database.postgresql(settings, Bsf.TABLES);
        Hss firstHss = new Hss(one, master, clock, Secrets.RANDOM);
        Hss secondHss = new Hss(other, master, clock, Secrets.RANDOM);
        Bsf first = bsf(one, firstHss, master, clock);
        Bsf second = bsf(other, secondHss, master, clock);
        NewSubscriber alice = Subscribers.alice()) {
      assertThat(firstHss.add(alice)).isTrue();
      for (int i = 0; i < 10; i++) {
        IssuedChallenge challenge = firstHss.challenge(Subscribers.ALICE);
        assertThat(secondHss.recognise(Subscribers.ALICE, challenge.nonce())).isPresent();
        try (AgreedKeys keys = secondHss.answerTo(challenge)) {
          assertThat(atOnce(challenge, keys.ks(), List.of(first, second))).isEqualTo(1);
          var btid = parley.keys.gba.Tid.bootstrapped(challenge.rand(), GbaWorld.BSF);
          try (NafKey here = first.nafKey(btid, NAF).orElseThrow();
              NafKey there = second.nafKey(btid, NAF).orElseThrow()) {
            assertThat(here.key()).isEqualTo(there.key());
          }
        }
      }
    }
  }

  /// How many of eight attempts count.
  private static int atOnce(IssuedChallenge challenge, SecretBytes ks, List<Bsf> instances)
      throws Exception {
    List<Callable<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Bsf bsf = instances.get(i % 2);
      attempts.add(() -> bsf.bootstrap(challenge, ks).isPresent());
    }
    int counted = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var attempt : threads.invokeAll(attempts)) {
        counted += attempt.get() ? 1 : 0;
      }
    }
    return counted;
  }

  private static Bsf bsf(Database database, Hss hss, SecretBytes master, FakeClock clock) {
    return new Bsf(
        BsfSettings.of(GbaWorld.BSF, Set.of()),
        database,
        hss,
        master,
        new CompactGpi(GbaWorld.BSF),
        clock,
        Secrets.RANDOM);
  }
}
