package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.keys.Secrets;
import parley.keys.vault.FailingDisk.Moment;

/// Vaults that were written before there was a journal, by the program of that time: they open, and
/// their first write makes them vaults of today.
class VaultSchema1Test {
  private static final String RECORDING_KEY_ID = "e091503fdc56b67d";

  @TempDir Path directory;
  private Path file;
  private VaultKey key;
  private byte[] old;

  /// The key file holds the octets 0 to 31.
  @BeforeEach
  void prepare() throws IOException {
    byte[] octets = new byte[32];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) i;
    }
    key = VaultKey.keyFile(Files.write(directory.resolve("key"), octets));
    file = directory.resolve("vault");
    old = resource("schema-1.vault");
    Files.write(file, old);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = VaultSchema1Test.class.getResourceAsStream("/vault/" + name)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  @Test
  void opensAndStaysAsItIsUntilItIsWritten() throws VaultException, IOException {
    try (Vault vault = Vault.openToRead(file, key)) {
      requireContent(vault);
      assertThat(vault.counter()).isEqualTo(7);
    }
    try (Vault vault = Vault.open(file, key)) {
      requireContent(vault);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(old);
  }

  @Test
  void isUpgradedByItsFirstWriteAndLosesNothing() throws VaultException, IOException {
    try (Vault vault = Vault.open(file, key)) {
      vault.put("new", "a", Secrets.of("b"));
      byte[] upgraded = Files.readAllBytes(file);
      assertThat(upgraded[7]).isEqualTo((byte) 2);
      vault.put("new", "c", Secrets.of("d"));
      assertThat(Files.readAllBytes(file)).startsWith(upgraded);
    }
    try (Vault vault = Vault.open(file, key)) {
      requireContent(vault);
      assertThat(vault.names("new")).containsExactly("a", "c");
      assertThat(vault.counter()).isEqualTo(9);
    }
    Files.write(file, old);
    assertThatThrownBy(() -> Vault.open(file, key)).hasMessageContaining("is an older copy");
  }

  @Test
  void isUpgradedUnderAPassphraseThatNobodyBringsAgain() throws VaultException, IOException {
    Files.write(file, resource("schema-1-passphrase.vault"));
    try (VaultKey passphrase = VaultKey.passphrase("correct horse".toCharArray())) {
      try (Vault vault = Vault.open(file, passphrase)) {
        vault.put("gmk", "b", Secrets.of("second"));
      }
      try (Vault vault = Vault.open(file, passphrase)) {
        assertThat(VaultTest.text(vault, "gmk", "a")).isEqualTo("first");
        assertThat(VaultTest.text(vault, "gmk", "b")).isEqualTo("second");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_WRITE", "HALF_WRITTEN", "WRITTEN", "RENAMED", "SYNCED"})
  void isOldOrUpgradedWholeAtEveryStepOfTheUpgrade(Moment moment) throws Exception {
    var disk = new FailingDisk();
    try (Vault vault = Vault.open(file, key, disk, Secrets.RANDOM)) {
      disk.failAt(moment);
      assertThatThrownBy(() -> vault.put("new", "a", Secrets.of("b")))
          .isInstanceOf(VaultException.class);
    }
    boolean renamed = moment.compareTo(Moment.RENAMED) >= 0;
    try (Vault vault = Vault.open(file, key)) {
      requireContent(vault);
      assertThat(vault.names("new")).hasSize(renamed ? 1 : 0);
    }
    if (!renamed) {
      assertThat(Files.readAllBytes(file)).isEqualTo(old);
    }
  }

  @Test
  void refusesEveryFlippedBitCutAndOctetBehindTheEnd() throws IOException {
    for (int bit = 0; bit < 8 * old.length; bit++) {
      byte[] flipped = old.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      refuses(flipped);
    }
    for (int length = 0; length < old.length; length++) {
      refuses(Arrays.copyOf(old, length));
    }
    refuses(Arrays.copyOf(old, old.length + 1));
  }

  private void refuses(byte[] octets) throws IOException {
    Files.write(file, octets);
    assertThatThrownBy(() -> Vault.open(file, key).close()).hasMessageContaining("is damaged");
  }

  private static void requireContent(Vault vault) throws VaultException {
    assertThat(vault.names("gmk")).containsExactly("a", "b");
    assertThat(VaultTest.text(vault, "gmk", "a")).isEqualTo("first, replaced");
    assertThat(VaultTest.text(vault, "gmk", "b")).isEqualTo("second");
    assertThat(VaultTest.text(vault, "ssk", "sip:alice@example.org 42")).isEqualTo("of alice");
    assertThat(HexFormat.of().formatHex(vault.recordingKey().keyId())).isEqualTo(RECORDING_KEY_ID);
  }
}
