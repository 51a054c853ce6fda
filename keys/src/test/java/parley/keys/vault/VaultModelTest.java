package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.keys.Secrets;
import parley.keys.vault.FailingDisk.Moment;

/// Random edits on a disk that fails at random moments, beside a map that does not: the vault holds
/// what the map holds, and after a reopening either that or what the one unsettled edit meant.
class VaultModelTest {
  private static final Moment[] MOMENTS = Moment.values();
  private static final int[] SIZES = {0, 10, 100, 5_000, 60_000};

  @TempDir Path directory;
  private final FailingDisk disk = new FailingDisk();
  private Path file;
  private VaultKey key;
  private Map<String, String> held = new TreeMap<>();
  private Map<String, String> perhaps = held;

  @BeforeEach
  void prepare() throws IOException {
    file = directory.resolve("vault");
    key = VaultKey.keyFile(Secrets.keyFile(directory, "key"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void holdsWhatTheModelHolds(long seed) throws VaultException {
    var random = new Random(seed);
    Vault vault = Vault.create(file, key, disk, Secrets.RANDOM);
    try {
      for (int step = 0; step < 100; step++) {
        for (int i = random.nextInt(-3, 3); i > 0; i--) {
          disk.failAt(MOMENTS[random.nextInt(MOMENTS.length)]);
        }
        edit(vault, random);
        assertThat(content(vault)).isEqualTo(held);
        disk.mend();
        if (random.nextInt(5) == 0) {
          vault.close();
          vault = Vault.open(file, key, disk, Secrets.RANDOM);
          Map<String, String> found = content(vault);
          assertThat(found).isIn(held, perhaps);
          held = found;
          perhaps = found;
        }
      }
    } finally {
      vault.close();
    }
  }

  private void edit(Vault vault, Random random) {
    var next = new TreeMap<>(held);
    try (VaultEdit edit = vault.edit()) {
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        String name = "record " + random.nextInt(12);
        if (random.nextInt(4) == 0) {
          edit.remove("a", name);
          next.remove(name);
        } else {
          String value = random.nextInt() + "v".repeat(SIZES[random.nextInt(SIZES.length)]);
          edit.put("a", name, Secrets.of(value));
          next.put(name, value);
        }
      }
      edit.commit();
      held = next;
      perhaps = next;
    } catch (VaultException e) {
      if (!String.valueOf(e.getMessage()).contains("unfinished write")) {
        perhaps = next;
      }
    }
  }

  private static Map<String, String> content(Vault vault) {
    var content = new TreeMap<String, String>();
    vault.names("a").forEach(name -> content.put(name, VaultTest.text(vault, "a", name)));
    return content;
  }
}
