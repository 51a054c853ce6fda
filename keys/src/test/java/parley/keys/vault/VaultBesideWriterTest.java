package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;

/// Whoever only reads sees one of the states that were written, whatever the writer is doing.
class VaultBesideWriterTest {
  @TempDir Path directory;
  private Path file;
  private VaultKey key;

  @BeforeEach
  void prepare() throws IOException {
    file = directory.resolve("vault");
    key = VaultKey.keyFile(Secrets.keyFile(directory, "key"));
  }

  @Test
  void seesWholeEditsThatNeverGoBack() throws Exception {
    var writing = new CountDownLatch(1);
    try (ExecutorService other = Executors.newSingleThreadExecutor();
        Vault vault = Vault.create(file, key, new CountingDisk(), Secrets.RANDOM)) {
      write(vault, 0);
      Future<?> writer =
          other.submit(() -> {
            for (int number = 1; number <= 2000; number++) {
              write(vault, number);
              writing.countDown();
            }
            return null;
          });
      writing.await();
      int last = 0;
      while (!writer.isDone()) {
        last = requireNotBefore(last);
      }
      writer.get();
      assertThat(requireNotBefore(last)).isEqualTo(2000);
    }
  }

  /// Two records that always hold the same number; some forty edits fill a journal.
  private static void write(Vault vault, int number) throws VaultException {
    try (VaultEdit edit = vault.edit()) {
      edit.put("a", "1", Secrets.of(Integer.toString(number)))
          .put("a", "filler", Secrets.of("x".repeat(VaultContent.JOURNAL_FLOOR_OCTETS / 40)))
          .put("a", "2", Secrets.of(Integer.toString(number)))
          .commit();
    }
  }

  private int requireNotBefore(int last) throws VaultException {
    try (Vault reader = Vault.openToRead(file, key)) {
      int number = Integer.parseInt(VaultTest.text(reader, "a", "1"));
      assertThat(VaultTest.text(reader, "a", "2")).isEqualTo(Integer.toString(number));
      assertThat(number).isGreaterThanOrEqualTo(last);
      return number;
    }
  }

  @Test
  void readsAgainWhenTheWriterTookAnEntryBackInTheMiddleOfReading() throws Exception {
    try (Vault vault = Vault.create(file, key)) {
      vault.put("a", "1", Secrets.of("one"));
      vault.put("a", "2", Secrets.of("two"));
      vault.put("a", "3", Secrets.of("three"));
    }
    byte[] whole = Files.readAllBytes(file);
    byte[] mixed = whole.clone();
    mixed[whole.length / 2] ^= 1;
    try (Vault reader = Vault.openToRead(file, key, new ReadingDisk(mixed, whole))) {
      assertThat(reader.names("a")).containsExactly("1", "2", "3");
    }
    assertThatThrownBy(() -> Vault.openToRead(file, key, new ReadingDisk(mixed, mixed)))
        .hasMessageContaining("is damaged");
    byte[] otherwise = Arrays.copyOf(mixed, mixed.length - 1);
    assertThatThrownBy(() ->
            Vault.openToRead(file, key, new ReadingDisk(mixed, otherwise, mixed, otherwise, whole)))
        .hasMessageContaining("is damaged");
  }

  /// Reads what it is told.
  private static final class ReadingDisk implements Disk {
    private final Queue<byte[]> next;

    ReadingDisk(byte[]... octets) {
      next = new ArrayDeque<>(List.of(octets));
    }

    @Override
    public byte[] read(Path file, int most) {
      return next.remove();
    }

    @Override
    public void writeNew(Path file, byte[] octets) {
      throw new AssertionError("a reader writes");
    }

    @Override
    public void rename(Path from, Path to) {
      throw new AssertionError("a reader renames");
    }

    @Override
    public void syncDirectory(Path directory) {
      throw new AssertionError("a reader syncs");
    }

    @Override
    public void append(Path file, long at, byte[] octets) {
      throw new AssertionError("a reader appends");
    }

    @Override
    public void cut(Path file, long at) {
      throw new AssertionError("a reader cuts");
    }

    @Override
    public void delete(Path file) {
      throw new AssertionError("a reader deletes");
    }
  }
}
