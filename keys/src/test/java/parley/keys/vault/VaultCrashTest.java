package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.keys.Secrets;
import parley.keys.vault.FailingDisk.Moment;

/// A write that dies leaves the vault before it or after it; one that fails, the vault before it.
class VaultCrashTest {
  /// Too large for the journal, so the edit is written as a new snapshot.
  private static final int LARGE_OCTETS = VaultContent.JOURNAL_FLOOR_OCTETS;

  @TempDir Path directory;
  private final FailingDisk disk = new FailingDisk();
  private Path file;
  private Path keyFile;
  private VaultKey key;

  @BeforeEach
  void prepare() throws IOException {
    file = directory.resolve("vault");
    keyFile = Secrets.keyFile(directory, "key");
    key = VaultKey.keyFile(keyFile);
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_WRITE", "HALF_WRITTEN", "WRITTEN", "RENAMED", "SYNCED"})
  void leavesOldOrNewAtEveryStepOfANewSnapshot(Moment moment) throws VaultException {
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      vault.put("a", "b", Secrets.of("old"));
      disk.failAt(moment);
      try (VaultEdit edit = vault.edit().put("a", "b", Secrets.of("new"))) {
        edit.put("a", "large", Secrets.of("x".repeat(LARGE_OCTETS)));
        assertThatThrownBy(edit::commit)
            .isInstanceOf(VaultException.class)
            .hasMessageContaining("cannot be written");
      }
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("old");
      assertThat(vault.names("a")).containsExactly("b");
    }
    boolean renamed = moment.compareTo(Moment.RENAMED) >= 0;
    try (Vault vault = Vault.open(file, key)) {
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo(renamed ? "new" : "old");
      vault.put("a", "b", Secrets.of("newer"));
    }
    assertThat(directory.resolve("vault.new")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_WRITE", "HALF_WRITTEN", "WRITTEN", "RENAMED", "SYNCED"})
  void leavesTheOldLockOrTheNewAtEveryStepOfARekey(Moment moment) throws Exception {
    VaultKey next = VaultKey.keyFile(Secrets.keyFile(directory, "next"));
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      vault.put("a", "b", Secrets.of("c"));
      disk.failAt(moment);
      assertThatThrownBy(() -> vault.rekey(next)).isInstanceOf(VaultException.class);
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("c");
    }
    boolean renamed = moment.compareTo(Moment.RENAMED) >= 0;
    try (Vault vault = Vault.open(file, renamed ? next : key)) {
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("c");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_APPEND", "HALF_APPENDED", "APPENDED"})
  void leavesAllChangesOfAnEditOrNoneWhenKilledInTheMiddle(Moment moment) throws VaultException {
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      vault.put("a", "gone", Secrets.of("old"));
      disk.failAt(moment, Moment.BEFORE_CUT);
      try (VaultEdit edit = vault.edit().remove("a", "gone")) {
        for (int i = 0; i < 100; i++) {
          edit.put("a", "b" + i, Secrets.of("new"));
        }
        assertThatThrownBy(edit::commit).isInstanceOf(VaultException.class);
      }
      assertThat(vault.names("a")).containsExactly("gone");
    }
    boolean written = moment == Moment.APPENDED;
    try (Vault vault = Vault.open(file, key)) {
      assertThat(vault.names("a")).hasSize(written ? 100 : 1);
      assertThat(vault.names("a").contains("gone")).isEqualTo(!written);
      vault.put("a", "next", Secrets.of("kept"));
    }
    try (Vault vault = Vault.open(file, key)) {
      assertThat(vault.names("a")).hasSize(written ? 101 : 2).contains("next");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_APPEND", "HALF_APPENDED", "APPENDED"})
  void takesBackAnAppendThatFailed(Moment moment) throws VaultException, IOException {
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      vault.put("a", "b", Secrets.of("old"));
      byte[] before = Files.readAllBytes(file);
      disk.failAt(moment);
      assertThatThrownBy(() -> vault.put("a", "b", Secrets.of("lost")))
          .isInstanceOf(VaultException.class)
          .hasMessageContaining("cannot be written (died " + moment + "); free space");
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("old");
      assertThat(vault.counter()).isEqualTo(2);
      disk.mend();
      vault.put("a", "b", Secrets.of("kept"));
    }
    try (Vault vault = Vault.open(file, key)) {
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("kept");
      assertThat(vault.counter()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_CUT", "CUT"})
  void refusesToWriteOnWhenAnAppendCannotBeTakenBack(Moment cutting) throws VaultException {
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      vault.put("a", "b", Secrets.of("old"));
      disk.failAt(Moment.APPENDED, cutting);
      assertThatThrownBy(() -> vault.put("a", "b", Secrets.of("perhaps")))
          .hasMessageContaining("died APPENDED");
      disk.mend();
      assertThatThrownBy(() -> vault.put("a", "b", Secrets.of("more")))
          .hasMessageContaining("has an unfinished write; restart");
      assertThatThrownBy(() -> vault.rekey(key)).hasMessageContaining("has an unfinished write");
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("old");
    }
    try (Vault vault = Vault.open(file, key)) {
      String left = cutting == Moment.BEFORE_CUT ? "perhaps" : "old";
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo(left);
      vault.put("a", "b", Secrets.of("more"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_CUT", "CUT", "HALF_APPENDED"})
  void writesOnBehindATornEndOnceTheDiskLetsIt(Moment moment) throws VaultException, IOException {
    try (Vault vault = Vault.create(file, key)) {
      vault.put("a", "b", Secrets.of("kept"));
    }
    Files.write(file, new byte[1000], StandardOpenOption.APPEND);
    try (Vault vault = Vault.open(file, key, disk, Secrets.RANDOM)) {
      disk.failAt(moment);
      assertThatThrownBy(() -> vault.put("a", "c", Secrets.of("lost")))
          .hasMessageContaining("cannot be written");
      disk.mend();
      vault.put("a", "c", Secrets.of("also kept"));
    }
    try (Vault vault = Vault.open(file, key)) {
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("kept");
      assertThat(VaultTest.text(vault, "a", "c")).isEqualTo("also kept");
    }
  }

  @Test
  void goesOnAfterAFullDisk() throws VaultException {
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      disk.failAt(Moment.HALF_WRITTEN, Moment.HALF_APPENDED);
      assertThatThrownBy(() -> vault.put("a", "b", Secrets.of("lost")))
          .isInstanceOf(VaultException.class);
      assertThatThrownBy(() -> vault.put("a", "b", Secrets.of("x".repeat(LARGE_OCTETS))))
          .isInstanceOf(VaultException.class);
      disk.mend();
      vault.put("a", "b", Secrets.of("kept"));
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("kept");
    }
  }

  @Test
  void refusesToWriteOnWhenItCannotKnowWhatTheDiskHas() throws VaultException {
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      disk.failAt(Moment.RENAMED);
      assertThatThrownBy(() -> vault.put("a", "b", Secrets.of("x".repeat(LARGE_OCTETS))))
          .isInstanceOf(VaultException.class);
      disk.mend();
      assertThatThrownBy(() -> vault.put("a", "b", Secrets.of("more")))
          .hasMessageContaining("has an unfinished write; restart");
    }
    Vault.open(file, key).close();
  }

  @Test
  void forgetsWhatAnInterruptedSnapshotLeftBehind() throws VaultException {
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      disk.failAt(Moment.WRITTEN);
      assertThatThrownBy(() -> vault.rekey(key)).isInstanceOf(VaultException.class);
    }
    assertThat(directory.resolve("vault.new")).exists();
    try (Vault vault = Vault.open(file, key)) {
      vault.put("a", "b", Secrets.of("c"));
    }
    assertThat(directory.resolve("vault.new")).doesNotExist();
  }

  @Test
  void writesOnInAnInterruptedThread() throws VaultException {
    try (Vault vault = Vault.create(file, key)) {
      Thread.currentThread().interrupt();
      try {
        vault.put("a", "b", Secrets.of("c"));
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThatThrownBy(() -> Vault.open(file, key)).hasMessageContaining("is in use");
    }
    try (Vault vault = Vault.open(file, key)) {
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("c");
    }
  }

  @Test
  void survivesKillNineInTheMiddleOfWrites() throws Exception {
    Vault.create(file, key).close();
    for (int round = 0; round < 3; round++) {
      int acknowledged = writeUntilKilled(20 + 7 * round);
      try (Vault vault = Vault.open(file, key)) {
        int number = Integer.parseInt(VaultTest.text(vault, "a", "number"));
        assertThat(number).isGreaterThanOrEqualTo(acknowledged);
        assertThat(VaultTest.text(vault, "a", "filler")).isEqualTo(Writer.filler(number));
      }
    }
    assertThat(Files.size(file)).isGreaterThan(VaultContent.JOURNAL_FLOOR_OCTETS / 10);
  }

  private int writeUntilKilled(int writes) throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                file.toString(),
                keyFile.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
      String last = "";
      for (int i = 0; i < writes; i++) {
        last = lines.readLine();
      }
      writer.destroyForcibly().waitFor();
      return Integer.parseInt(last);
    }
  }

  /// Writes rising numbers for ever, with a filler that makes every tenth edit a new snapshot, and
  /// says each one that is durable.
  static final class Writer {
    private Writer() {}

    static String filler(int number) {
      return Integer.toString(number % 10).repeat(VaultContent.JOURNAL_FLOOR_OCTETS / 10);
    }

    public static void main(String[] args) throws VaultException {
      try (Vault vault = Vault.open(Path.of(args[0]), VaultKey.keyFile(Path.of(args[1])))) {
        for (int number = 0; ; number++) {
          try (VaultEdit edit = vault.edit()) {
            edit.put("a", "number", Secrets.of(Integer.toString(number)))
                .put("a", "filler", Secrets.of(filler(number)))
                .commit();
          }
          System.out.println(number);
        }
      }
    }
  }
}
