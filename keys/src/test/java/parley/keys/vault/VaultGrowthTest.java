package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.mikey.secret.SecretBytes;

/// What writing costs: each edit its own size, and rewriting a constant factor of all of them.
class VaultGrowthTest {
  /// A record and its entry, for names of up to 12 and values of up to 100 octets.
  private static final int MOST_EDIT_OCTETS = 300;

  private static final int FLOOR = VaultContent.JOURNAL_FLOOR_OCTETS;

  @TempDir Path directory;
  private final CountingDisk disk = new CountingDisk();
  private final SecretBytes value = Secrets.of("v".repeat(100));
  private Path file;
  private VaultKey key;

  @BeforeEach
  void prepare() throws IOException {
    file = directory.resolve("vault");
    key = VaultKey.keyFile(Secrets.keyFile(directory, "key"));
  }

  @Test
  void writesInProportionToTheEdits() throws VaultException {
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      for (int i = 0; i < 10_000; i++) {
        vault.put("receipt", "of " + i, value);
      }
      assertThat(disk.octetsWritten).isLessThan(4L * 10_000 * MOST_EDIT_OCTETS);
      assertThat(disk.entries).isGreaterThan(9_980);
    }
    try (Vault vault = Vault.open(file, key)) {
      assertThat(vault.names("receipt")).hasSize(10_000);
      assertThat(vault.read("receipt", "of 4711")).contains(value);
    }
  }

  @Test
  void writesInProportionToTheEditsOfALargeVault() throws VaultException {
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      try (VaultEdit edit = vault.edit()) {
        for (int i = 0; i < 10_000; i++) {
          edit.put("delivery", "of " + i, value);
        }
        edit.commit();
      }
      long before = disk.octetsWritten;
      for (int i = 0; i < 10_000; i++) {
        vault.put("delivery", "of " + i, value);
      }
      assertThat(disk.octetsWritten - before).isLessThan(4L * 10_000 * MOST_EDIT_OCTETS);
    }
  }

  @Test
  void staysWithinTwiceWhatItHoldsOrTheFloorOfTheJournal() throws VaultException, IOException {
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      long empty = Files.size(file);
      for (int i = 0; i < 5_000; i++) {
        vault.put("a", "the same", value);
        assertThat(Files.size(file)).isLessThanOrEqualTo(empty + MOST_EDIT_OCTETS + FLOOR);
      }
      assertThat(disk.snapshots).isGreaterThan(2);
      assertThat(vault.names("a")).containsExactly("the same");
    }
  }

  @Test
  void startsTheJournalAnewWhenItReachesTheFloor() throws VaultException, IOException {
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      int snapshots = disk.snapshots;
      long before = Files.size(file);
      while (disk.snapshots == snapshots) {
        before = Files.size(file);
        vault.put("a", "the same", value);
      }
      assertThat(before).isBetween((long) FLOOR - MOST_EDIT_OCTETS, (long) FLOOR + 1000);
      assertThat(Files.size(file)).isLessThan(1000);
      long counter = vault.counter();
      vault.put("a", "the same", value);
      assertThat(vault.counter()).isEqualTo(counter + 1);
    }
    try (Vault vault = Vault.open(file, key)) {
      assertThat(vault.read("a", "the same")).contains(value);
    }
  }

  @Test
  void holds64MiBAndNoMore() throws VaultException {
    try (SecretBytes large =
            SecretBytes.random(SealedRecord.MOST_VALUE_OCTETS, Secrets.RANDOM, "");
        Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      for (int i = 0; i < 63; i++) {
        vault.put("a", "b" + i, large);
      }
      long written = disk.octetsWritten;
      assertThatThrownBy(() -> vault.put("a", "one more", large))
          .isInstanceOf(VaultException.class)
          .hasMessageContaining("would grow over 64 MiB; remove records");
      assertThat(disk.octetsWritten).isEqualTo(written);
      for (int i = 0; i < 3; i++) {
        vault.put("a", "b" + i, large);
      }
      try (VaultEdit edit = vault.edit().remove("a", "b7").put("a", "instead", large)) {
        edit.commit();
      }
      assertThat(vault.names("a")).hasSize(63).contains("instead");
    }
    try (Vault vault = Vault.open(file, key)) {
      assertThat(vault.names("a")).hasSize(63).contains("instead");
    }
  }
}
