package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.keys.Secrets;

/// A write that dies leaves the old vault or the new one.
class VaultCrashTest {
  @TempDir Path directory;
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
  @EnumSource(FailingDisk.Moment.class)
  void leavesOldOrNewAtEveryStep(FailingDisk.Moment moment) throws VaultException {
    var disk = new FailingDisk();
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      vault.put("a", "b", Secrets.of("old"));
      disk.dieAt = moment;
      disk.armed = true;
      assertThatThrownBy(() -> vault.put("a", "b", Secrets.of("new")))
          .isInstanceOf(VaultException.class)
          .hasMessageContaining("cannot be written");
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("old");
    }
    boolean renamed = moment.compareTo(FailingDisk.Moment.RENAMED) >= 0;
    try (Vault vault = Vault.open(file, key)) {
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo(renamed ? "new" : "old");
      vault.put("a", "b", Secrets.of("newer"));
    }
    assertThat(directory.resolve("vault.new")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(FailingDisk.Moment.class)
  void leavesAllChangesOfAnEditOrNoneAtEveryStep(FailingDisk.Moment moment) throws VaultException {
    var disk = new FailingDisk();
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      vault.put("a", "gone", Secrets.of("old"));
      disk.dieAt = moment;
      disk.armed = true;
      try (VaultEdit edit = vault.edit().remove("a", "gone")) {
        for (int i = 0; i < 100; i++) {
          edit.put("a", "b" + i, Secrets.of("new"));
        }
        assertThatThrownBy(edit::commit).isInstanceOf(VaultException.class);
      }
      assertThat(vault.names("a")).containsExactly("gone");
    }
    boolean renamed = moment.compareTo(FailingDisk.Moment.RENAMED) >= 0;
    try (Vault vault = Vault.open(file, key)) {
      assertThat(vault.names("a")).hasSize(renamed ? 100 : 1);
      assertThat(vault.names("a").contains("gone")).isEqualTo(!renamed);
    }
  }

  @Test
  void goesOnAfterAFullDisk() throws VaultException {
    var disk = new FailingDisk();
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      disk.dieAt = FailingDisk.Moment.HALF_WRITTEN;
      disk.armed = true;
      assertThatThrownBy(() -> vault.put("a", "b", Secrets.of("lost")))
          .isInstanceOf(VaultException.class);
      disk.armed = false;
      vault.put("a", "b", Secrets.of("kept"));
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("kept");
    }
  }

  @Test
  void refusesToWriteOnWhenItCannotKnowWhatTheDiskHas() throws VaultException {
    var disk = new FailingDisk();
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      disk.dieAt = FailingDisk.Moment.RENAMED;
      disk.armed = true;
      assertThatThrownBy(() -> vault.put("a", "b", Secrets.of("perhaps")))
          .isInstanceOf(VaultException.class);
      disk.armed = false;
      assertThatThrownBy(() -> vault.put("a", "b", Secrets.of("more")))
          .hasMessageContaining("has an unfinished write; restart");
    }
    Vault.open(file, key).close();
  }

  @Test
  void survivesKillNineInTheMiddleOfWrites() throws Exception {
    Vault.create(file, key).close();
    for (int round = 0; round < 3; round++) {
      int acknowledged = writeUntilKilled(20 + 7 * round);
      try (Vault vault = Vault.open(file, key)) {
        assertThat(Integer.parseInt(VaultTest.text(vault, "a", "number")))
            .isGreaterThanOrEqualTo(acknowledged);
      }
    }
    assertThat(Files.size(file)).isGreaterThan(VaultHeader.OCTETS);
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

  /// Writes rising numbers for ever and says each one that is durable.
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws VaultException {
      try (Vault vault = Vault.open(Path.of(args[0]), VaultKey.keyFile(Path.of(args[1])))) {
        for (int number = 0; ; number++) {
          vault.put("a", "number", Secrets.of(Integer.toString(number)));
          System.out.println(number);
        }
      }
    }
  }
}
