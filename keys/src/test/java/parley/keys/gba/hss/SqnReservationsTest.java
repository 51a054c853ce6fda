package parley.keys.gba.hss;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.gba.aka.AgreedKeys;
import parley.keys.gba.aka.Sqn;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.aka.UsimAnswer;
import parley.keys.store.Database;
import parley.keys.store.PostgresServer;
import parley.mikey.secret.SecretBytes;

/// No sequence number twice: after kills, and from two instances. Row 23 of the threats.
class SqnReservationsTest {
  private static final int KILLS = Integer.getInteger("sqn.kills", 5);

  @SuppressWarnings("NullAway.Init")
  private static PostgresServer server;

  @TempDir Path directory;

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

  /// What was printed was durable before; a number that was not seen may be lost, never given
  /// again.
  @Test
  void givesNoNumberTwiceHoweverOftenItIsKilled() throws Exception {
    Path file = directory.resolve("hss.db");
    try (Database database = Database.sqlite(file, List.of(Hss.TABLES))) {
      add(database);
    }
    var random = new Random(7);
    long highest = 0;
    for (int i = 0; i < KILLS; i++) {
      Process child = SqnChild.start(file);
      List<Long> taken = takeAndKill(child, 20 + random.nextInt(200));
      assertThat(taken).isSorted().doesNotHaveDuplicates();
      assertThat(taken.getFirst()).isGreaterThan(highest);
      highest = taken.getLast();
    }
  }

  /// All that the child printed, until it was killed behind the first `lines` of it.
  private static List<Long> takeAndKill(Process child, int lines) throws Exception {
    List<Long> taken = new ArrayList<>();
    try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
      for (int i = 0; i < lines; i++) {
        taken.add(Long.parseLong(out.readLine()));
      }
      assertThat(child.toHandle().destroyForcibly())
          .isTrue(); // SIGKILL; what it wrote stays readable
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        taken.add(Long.parseLong(line));
      }
    }
    child.waitFor();
    taken.removeLast(); // perhaps cut in the middle
    return taken;
  }

  @Test
  void twoInstancesOnOneServerGiveNoNumberTwice() throws Exception {
    var settings = server.database("hss");
    try (Database one = Database.postgresql(settings, List.of(Hss.TABLES));
        Database other = Database.postgresql(settings, List.of(Hss.TABLES))) {
      add(one);
      List<SqnReservations> instances =
          List.of(new SqnReservations(one), new SqnReservations(other));
      List<Callable<List<Sqn>>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        SqnReservations instance = instances.get(i % 2);
        tasks.add(() -> take(instance, 100));
      }
      Set<Sqn> all = new HashSet<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var taken : threads.invokeAll(tasks)) {
          all.addAll(taken.get());
        }
      }
      assertThat(all).hasSize(800);
      assertThat(all.stream().map(Sqn::seq).distinct()).hasSize(800);
    }
  }

  /// Two instances hold blocks beside each other, and the USIM takes their challenges in any order.
  @Test
  void theUsimTakesTheChallengesOfTwoInstancesByTurns() throws Exception {
    var settings = server.database("turns");
    try (Database one = Database.postgresql(settings, List.of(Hss.TABLES));
        Database other = Database.postgresql(settings, List.of(Hss.TABLES));
        SecretBytes master = Subscribers.master();
        Hss first = new Hss(one, master, InstantSource.system(), Secrets.RANDOM);
        Hss second = new Hss(other, master, InstantSource.system(), Secrets.RANDOM);
        Usim usim = Subscribers.usim()) {
      add(one);
      for (int i = 0; i < 40; i++) {
        IssuedChallenge challenge = (i % 3 == 0 ? first : second).challenge(Subscribers.ALICE);
        byte[] autn = java.util.Arrays.copyOfRange(challenge.nonce(), 16, 32);
        UsimAnswer answer = usim.authenticate(challenge.rand(), autn);
        assertThat(answer).isInstanceOf(UsimAnswer.Agreed.class);
        try (AgreedKeys keys = ((UsimAnswer.Agreed) answer).keys();
            AgreedKeys elsewhere = (i % 2 == 0 ? first : second).answerTo(challenge)) {
          assertThat(elsewhere.res()).isEqualTo(keys.res());
        }
      }
    }
  }

  private static List<Sqn> take(SqnReservations from, int count) throws Exception {
    List<Sqn> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(from.next(Subscribers.ALICE));
    }
    return taken;
  }

  private static void add(Database database) throws Exception {
    try (SecretBytes master = Subscribers.master();
        Hss hss = new Hss(database, master, InstantSource.system(), Secrets.RANDOM);
        NewSubscriber alice = Subscribers.alice()) {
      assertThat(hss.add(alice)).isTrue();
    }
  }
}
