package parley.keys.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database in one file: what was committed stays, what was not never was.
class SqliteTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("role.db");
  }

  @Test
  void keepsWhatWasCommitted() throws Exception {
    try (Database database = Database.sqlite(file, Tables.BOTH)) {
      assertThat(database.<Long>write(c -> Tables.count(c, "a"))).isEqualTo(1);
      assertThat(Tables.value(database, "a")).isEqualTo(1);
    }
    try (Database database = Database.sqlite(file, Tables.BOTH)) {
      assertThat(Tables.value(database, "a")).isEqualTo(1);
      assertThat(Tables.value(database, "b")).isEqualTo(100);
      assertThat(database).hasToString("Database[" + file + "]");
    }
  }

  @Test
  void undoesAllOfATransactionThatFails() throws Exception {
    try (Database database = Database.sqlite(file, Tables.BOTH)) {
      assertThatThrownBy(
              () -> database.write(c -> Tables.count(c, "a") / (Tables.count(c, "b") - 101)))
          .isInstanceOf(ArithmeticException.class);
      assertThatThrownBy(() ->
              database.write(c -> {
                Tables.count(c, "a");
                throw new SQLException("no");
              }))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(file.toString());
      assertThat(Tables.value(database, "a")).isZero();
      assertThat(Tables.value(database, "b")).isEqualTo(100);
    }
  }

  @Test
  void changesNothingInARead() throws Exception {
    try (Database database = Database.sqlite(file, Tables.BOTH)) {
      assertThatThrownBy(() -> database.read(c -> Tables.count(c, "a")))
          .isInstanceOf(StoreException.class);
      assertThat(Tables.value(database, "a")).isZero();
    }
  }

  @Test
  void keepsOctetsTruthsAndReferences() throws Exception {
    byte[] octets = {0, 1, -1, 127};
    try (Database database = Database.sqlite(file, Tables.BOTH)) {
      assertThat(Octets.stored(database, octets)).isEqualTo(octets);
      assertThatThrownBy(() -> Octets.store(database, 8, octets, "nobody"))
          .isInstanceOf(StoreException.class);
    }
  }

  @Test
  void forcesEachCommitToTheDevice() throws Exception {
    try (Database database = Database.sqlite(file, Tables.BOTH)) {
      assertThat(pragma(database, "synchronous")).isEqualTo("2");
      assertThat(pragma(database, "journal_mode")).isEqualTo("wal");
      assertThat(pragma(database, "foreign_keys")).isEqualTo("1");
    }
  }

  private static String pragma(Database database, String name) throws StoreException {
    return database.write(connection -> {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("PRAGMA " + name)) {
        return row.getString(1);
      }
    });
  }

  @Test
  void isTheOwnersAlone() throws Exception {
    try (Database database = Database.sqlite(file, Tables.BOTH)) {
      database.write(c -> Tables.count(c, "a"));
      try (var made = Files.list(directory)) {
        assertThat(made.toList())
            .hasSizeGreaterThan(1)
            .allSatisfy(one ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                    .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void refusesAFileThatOthersMayRead() throws Exception {
    Database.sqlite(file, Tables.BOTH).close();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> Database.sqlite(file, Tables.BOTH))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void refusesWhereItCannotBeMade() {
    assertThatThrownBy(() -> Database.sqlite(directory.resolve("no/role.db"), Tables.BOTH))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("there is no such directory");
  }

  @Test
  void refusesAFileOfAnotherKind() throws Exception {
    Files.writeString(file, "not a database at all, and longer than its header, ".repeat(20));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    assertThatThrownBy(() -> Database.sqlite(file, Tables.BOTH))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void takesOnlyTheStepsThatAreMissing() throws Exception {
    Database.sqlite(file, List.of(Tables.FIRST)).close();
    try (Database database = Database.sqlite(file, Tables.BOTH)) {
      assertThat(Tables.value(database, "b")).isEqualTo(100);
    }
  }

  @Test
  void refusesTablesOfANewerProgram() throws Exception {
    Database.sqlite(file, Tables.BOTH).close();

    assertThatThrownBy(() -> Database.sqlite(file, List.of(Tables.FIRST)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("newer program (step 2, this one knows 1)");
  }

  @Test
  void refusesTablesOfAnotherRole() throws Exception {
    Database.sqlite(file, StoreChild.TABLES).close();

    assertThatThrownBy(() -> Database.sqlite(file, Tables.BOTH))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("another role");
  }

  @Test
  void takesAStepWholeOrNotAtAll() throws Exception {
    var broken = Migration.of(2, "CREATE TABLE half_done (id BIGINT)", "CREATE NONSENSE");
    assertThatThrownBy(() -> Database.sqlite(file, List.of(Tables.FIRST, broken)))
        .isInstanceOf(StoreException.class);

    try (Database database = Database.sqlite(file, Tables.BOTH)) {
      assertThat(
              Tables.number(
                  database, "SELECT count(*) FROM sqlite_master WHERE name = 'half_done'"))
          .isZero();
    }
  }

  @Test
  void refusesStepsWithAGap() {
    assertThatThrownBy(() -> Database.sqlite(file, List.of(Tables.SECOND)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void letsManyInstancesStartAtOnce() throws Exception {
    var instances = Tables.atOnce(4, () -> Database.sqlite(file, Tables.BOTH));
    try {
      assertThat(Tables.value(instances.getFirst(), "b")).isEqualTo(100);
    } finally {
      instances.forEach(Database::close);
    }
  }

  @Test
  void losesNoCountBetweenTwoInstances() throws Exception {
    try (Database one = Database.sqlite(file, Tables.BOTH);
        Database other = Database.sqlite(file, Tables.BOTH)) {
      var turn = new AtomicInteger();
      Tables.atOnce(
          40,
          () -> (turn.incrementAndGet() % 2 == 0 ? one : other).write(c -> Tables.count(c, "a")));
      assertThat(Tables.value(one, "a")).isEqualTo(40);
    }
  }

  @Test
  void losesNoCommittedRowWhenKilled() throws Exception {
    Process child = StoreChild.start("sqlite", file.toString());
    long last = 0;
    try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
      while (last < 200) {
        last = Long.parseLong(said.readLine());
      }
      ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly(); // leaves its pipe open
      String line = said.readLine();
      while (line != null && !line.isEmpty()) {
        last = Math.max(last, Long.parseLong(line));
        line = said.readLine();
      }
    }
    try (Database database = Database.sqlite(file, StoreChild.TABLES)) {
      assertThat(Tables.number(database, "SELECT max(id) FROM child_row"))
          .isBetween(last, last + 1)
          .isEqualTo(Tables.number(database, "SELECT count(*) FROM child_row"));
    }
  }

  /// Octets in and out, alike on both databases.
  static final class Octets {
    private Octets() {}

    static int store(Database database, long id, byte[] octets, String counter)
        throws StoreException {
      return database.write(connection -> {
        try (PreparedStatement insert =
            connection.prepareStatement("INSERT INTO test_blob VALUES (?, ?, ?, ?)")) {
          insert.setLong(1, id);
          insert.setBytes(2, octets);
          insert.setBoolean(3, true);
          insert.setString(4, counter);
          return insert.executeUpdate();
        }
      });
    }

    static byte[] stored(Database database, byte[] octets) throws StoreException {
      assertThat(store(database, 7, octets, "a")).isEqualTo(1);
      return database.read(connection -> {
        try (Statement statement = connection.createStatement();
            ResultSet row =
                statement.executeQuery("SELECT octets FROM test_blob WHERE open AND id = 7")) {
          return row.next() ? row.getBytes(1) : new byte[0];
        }
      });
    }
  }
}
