package parley.keys.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several instances on one PostgreSQL server: they do not lose each other's writes, and one that
/// dies leaves nothing half done.
class PostgresTest {
  private static final AtomicInteger NUMBER = new AtomicInteger();

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

  private static PostgresSettings fresh() throws Exception {
    return server.database("d" + NUMBER.incrementAndGet());
  }

  @Test
  void understandsTheSameStatements() throws Exception {
    byte[] octets = {0, 1, -1, 127};
    try (Database database = Database.postgresql(fresh(), Tables.BOTH)) {
      assertThat(database.<Long>write(c -> Tables.count(c, "a"))).isEqualTo(1);
      assertThat(Tables.value(database, "b")).isEqualTo(100);
      assertThat(SqliteTest.Octets.stored(database, octets)).isEqualTo(octets);
      assertThatThrownBy(() -> SqliteTest.Octets.store(database, 8, octets, "nobody"))
          .isInstanceOf(StoreException.class)
          .hasMessageNotContaining("nobody");
    }
  }

  @Test
  void undoesAllOfATransactionThatFails() throws Exception {
    try (Database database = Database.postgresql(fresh(), Tables.BOTH)) {
      assertThatThrownBy(() ->
              database.write(c -> {
                Tables.count(c, "a");
                throw new SQLException("no");
              }))
          .isInstanceOf(StoreException.class);
      assertThat(Tables.value(database, "a")).isZero();
    }
  }

  @Test
  void changesNothingInARead() throws Exception {
    try (Database database = Database.postgresql(fresh(), Tables.BOTH)) {
      assertThatThrownBy(() -> database.read(c -> Tables.count(c, "a")))
          .isInstanceOf(StoreException.class);
      assertThat(Tables.value(database, "a")).isZero();
    }
  }

  @Test
  void letsManyInstancesStartAtOnce() throws Exception {
    PostgresSettings settings = fresh();
    var instances = Tables.atOnce(4, () -> Database.postgresql(settings, Tables.BOTH));
    try {
      assertThat(Tables.value(instances.getFirst(), "b")).isEqualTo(100);
    } finally {
      instances.forEach(Database::close);
    }
  }

  @Test
  void refusesTablesOfANewerProgramOrAnotherRole() throws Exception {
    PostgresSettings settings = fresh();
    Database.postgresql(settings, Tables.BOTH).close();

    assertThatThrownBy(() -> Database.postgresql(settings, List.of(Tables.FIRST)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("newer program");
    assertThatThrownBy(() ->
            Database.postgresql(settings, List.of(StoreChild.TABLES.getFirst(), Tables.SECOND)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("another role");
  }

  @Test
  void takesAStepWholeOrNotAtAll() throws Exception {
    PostgresSettings settings = fresh();
    var broken = Migration.of(2, "CREATE TABLE half_done (id BIGINT)", "CREATE NONSENSE");
    assertThatThrownBy(() -> Database.postgresql(settings, List.of(Tables.FIRST, broken)))
        .isInstanceOf(StoreException.class);

    assertThat(server.sql(settings.database(), "SELECT to_regclass('half_done') IS NULL"))
        .isEqualTo("t");
  }

  @Test
  void losesNoCountBetweenTwoInstances() throws Exception {
    PostgresSettings settings = fresh();
    try (Database one = Database.postgresql(settings, Tables.BOTH);
        Database other = Database.postgresql(settings, Tables.BOTH)) {
      var turn = new AtomicInteger();
      Tables.atOnce(
          40,
          () -> (turn.incrementAndGet() % 2 == 0 ? one : other).write(c -> Tables.count(c, "a")));
      assertThat(Tables.value(one, "a")).isEqualTo(40);
    }
  }

  /// Each reads what the other writes, so one of them cannot be right and is done again.
  @Test
  void repeatsATransactionThatContradictsAnother() throws Exception {
    PostgresSettings settings = fresh();
    try (Database one = Database.postgresql(settings, Tables.BOTH);
        Database other = Database.postgresql(settings, Tables.BOTH)) {
      var met = new CyclicBarrier(2);
      var tries = new AtomicInteger();
      var first = new AtomicInteger();
      Tables.atOnce(
          2,
          () -> {
            boolean left = first.getAndIncrement() == 0;
            return (left ? one : other)
                .write(c -> {
                  long seen = Tables.value(c, left ? "a" : "b");
                  if (tries.incrementAndGet() <= 2) {
                    await(met);
                  }
                  return seen + Tables.count(c, left ? "b" : "a");
                });
          });
      assertThat(tries).hasValueGreaterThan(2);
      assertThat(Tables.value(one, "a")).isEqualTo(1);
      assertThat(Tables.value(one, "b")).isEqualTo(101);
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void repeatsWhatACutConnectionUndid() throws Exception {
    PostgresSettings settings = fresh();
    try (Database database = Database.postgresql(settings, Tables.BOTH)) {
      var tries = new AtomicInteger();
      long counted =
          database.write(c -> {
            long next = Tables.count(c, "a");
            if (tries.incrementAndGet() == 1) {
              cutAll(settings);
            }
            return next + 0 * Tables.value(c, "a");
          });
      assertThat(counted).isEqualTo(1);
      assertThat(tries).hasValue(2);
      assertThat(Tables.value(database, "a")).isEqualTo(1);
    }
  }

  @Test
  void saysThatACutCommitMayHaveHappened() throws Exception {
    PostgresSettings settings = fresh();
    try (Database database = Database.postgresql(settings, Tables.BOTH)) {
      assertThatThrownBy(() ->
              database.write(c -> {
                long next = Tables.count(c, "a");
                cutAll(settings);
                return next;
              }))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("look whether it took effect");
      assertThat(Tables.value(database, "a")).isZero();
    }
  }

  private static void cutAll(PostgresSettings settings) {
    try {
      server.sql(
          "postgres",
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '%s'"
              .formatted(settings.database()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aKilledInstanceLeavesNothingHalfDone() throws Exception {
    PostgresSettings settings = fresh();
    try (Database database = Database.postgresql(settings, StoreChild.TABLES)) {
      Process child =
          StoreChild.start(
              "postgres",
              Integer.toString(settings.port()),
              settings.database(),
              settings.user(),
              String.valueOf(settings.passwordFile()));
      try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
        assertThat(said.readLine()).isEqualTo("inside");
      }
      child.destroyForcibly().waitFor();

      assertThat(Tables.number(database, "SELECT count(*) FROM child_row")).isZero();
      assertThat(database.<Integer>write(c -> StoreChild.insert(c, 1))).isEqualTo(1);
    }
  }

  @Test
  void refusesAWrongPasswordWithoutShowingIt() throws Exception {
    PostgresSettings right = fresh();
    Path file = Files.writeString(directory.resolve("password"), "not the one\n");
    var wrong =
        PostgresSettings.of("127.0.0.1", right.port(), right.database(), right.user(), file, null);

    assertThatThrownBy(() -> Database.postgresql(wrong, Tables.BOTH))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("refuses user parley")
        .hasMessageNotContaining("not the one");
    assertThat(wrong.toString()).doesNotContain("not the one");
  }

  @Test
  void explainsWhatIsMissing() throws Exception {
    PostgresSettings right = fresh();
    var noDatabase =
        PostgresSettings.of(
            "127.0.0.1", right.port(), "nowhere", right.user(), password(right), null);
    assertThatThrownBy(() -> Database.postgresql(noDatabase, Tables.BOTH))
        .hasMessageContaining("there is no such database");

    var noServer =
        PostgresSettings.of("127.0.0.1", 1, right.database(), right.user(), password(right), null);
    assertThatThrownBy(() -> Database.postgresql(noServer, Tables.BOTH))
        .hasMessageContaining("cannot be reached");

    var noFile =
        PostgresSettings.of(
            "127.0.0.1",
            right.port(),
            right.database(),
            right.user(),
            directory.resolve("none"),
            null);
    assertThatThrownBy(() -> Database.postgresql(noFile, Tables.BOTH))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("password file");
  }

  private static Path password(PostgresSettings settings) {
    return Path.of(String.valueOf(settings.passwordFile()));
  }

  @Test
  void refusesAnotherHostWithoutTls() {
    var abroad =
        PostgresSettings.of("192.0.2.1", 5432, "d", "parley", directory.resolve("p"), null);

    assertThatThrownBy(() -> Database.postgresql(abroad, Tables.BOTH))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("root certificate");
  }
}
