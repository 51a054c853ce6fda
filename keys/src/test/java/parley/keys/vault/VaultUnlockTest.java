package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.keys.Secrets;
import parley.keys.vault.FailingDisk.Moment;

/// Several ways to open one vault: any of them is enough, they come and go, and one always stays.
class VaultUnlockTest {
  @TempDir Path directory;
  private Path file;
  private VaultKey key;

  @BeforeEach
  void prepare() throws IOException {
    file = directory.resolve("vault");
    key = VaultKey.keyFile(Secrets.keyFile(directory, "key"));
  }

  private VaultKey another(String name) throws IOException {
    return VaultKey.keyFile(Secrets.keyFile(directory, name));
  }

  @Test
  void opensByAnyOfItsUnlocks() throws Exception {
    char[] text = RecoveryShare.draw(Secrets.RANDOM);
    try (VaultKey passphrase = VaultKey.passphrase("correct horse".toCharArray());
        VaultKey recovery = VaultKey.recovery(text);
        VaultKey token = SoftHsm.key("first", "any");
        VaultKey shares = VaultKey.newShares(2, holders("alice", "bob", "carol"))) {
      try (Vault vault = Vault.create(file, key)) {
        vault.put("a", "b", Secrets.of("c"));
        vault.addUnlock(key, passphrase, "operator");
        vault.addUnlock(passphrase, recovery, "paper");
        vault.addUnlock(recovery, token, "hsm");
        vault.addUnlock(token, shares, "board");
        vault.put("a", "d", Secrets.of("e"));
        assertThat(vault.unlocks())
            .containsExactly(
                new VaultUnlock("key file", "key file", ""),
                new VaultUnlock("operator", "passphrase", ""),
                new VaultUnlock("paper", "recovery share", ""),
                new VaultUnlock("hsm", "PKCS#11 key", "key any"),
                new VaultUnlock("board", "set of shares", "any 2 of alice, bob, carol"));
      }
      opens(key);
      opens(passphrase);
      opens(recovery);
      opens(token);
    }
    try (VaultKey two = VaultKey.shares(holders("carol", "alice"))) {
      opens(two);
    }
    Path printed = Files.writeString(directory.resolve("paper"), new String(text) + "\n");
    opens(VaultKey.recoveryFile(printed));
  }

  private static Map<String, VaultKey> holders(String... names) {
    var holders = new java.util.HashMap<String, VaultKey>();
    for (String name : names) {
      holders.put(name, VaultKey.passphrase(("passphrase of " + name).toCharArray()));
    }
    return holders;
  }

  private void opens(VaultKey by) throws VaultException {
    try (Vault vault = Vault.open(file, by)) {
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("c");
      assertThat(VaultTest.text(vault, "a", "d")).isEqualTo("e");
    }
  }

  @Test
  void isClosedToWhatWasRemoved() throws Exception {
    VaultKey second = another("second");
    try (Vault vault = Vault.create(file, key)) {
      vault.addUnlock(key, second, "second");
      vault.removeUnlock("key file");
      vault.put("a", "b", Secrets.of("c"));
    }
    assertThatThrownBy(() -> Vault.open(file, key)).hasMessageContaining("wrong key file");
    try (Vault vault = Vault.open(file, second)) {
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("c");
      assertThat(vault.unlocks()).hasSize(1);
    }
  }

  @Test
  void keepsItsLastUnlock() throws Exception {
    try (Vault vault = Vault.create(file, key)) {
      assertThatThrownBy(() -> vault.removeUnlock("key file"))
          .isInstanceOf(VaultException.class)
          .hasMessageContaining("is the last unlock");
      assertThatThrownBy(() -> vault.removeUnlock("nothing"))
          .hasMessageContaining("has no unlock with the name nothing");
    }
    Vault.open(file, key).close();
  }

  @Test
  void refusesAWrongPresentKeyATakenNameAndTooMany() throws Exception {
    VaultKey second = another("second");
    try (Vault vault = Vault.create(file, key)) {
      byte[] before = Files.readAllBytes(file);
      assertThatThrownBy(() -> vault.addUnlock(second, another("third"), "x"))
          .hasMessageContaining("wrong key file");
      assertThatThrownBy(() -> vault.addUnlock(key, second, "key file"))
          .hasMessageContaining("already");
      for (String name : List.of("", "a\nb", "x".repeat(65))) {
        assertThatThrownBy(() -> vault.addUnlock(key, second, name))
            .hasMessageContaining("a name in a vault");
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
      for (int i = 2; i <= 16; i++) {
        vault.addUnlock(key, second, "unlock " + i);
      }
      assertThatThrownBy(() -> vault.addUnlock(key, second, "one more"))
          .hasMessageContaining("the most there can be");
    }
    Vault.open(file, second).close();
  }

  @Test
  void namesWhatOpensItWhenTheWrongKindComes() throws Exception {
    try (Vault vault = Vault.create(file, key);
        VaultKey recovery = VaultKey.recovery(RecoveryShare.draw(Secrets.RANDOM))) {
      vault.addUnlock(key, recovery, "paper");
    }
    try (VaultKey passphrase = VaultKey.passphrase("x".toCharArray())) {
      assertThatThrownBy(() -> Vault.open(file, passphrase))
          .hasMessageContaining(
              "is opened by a key file or a recovery share, not by a passphrase; configure that");
    }
    try (VaultKey wrong = VaultKey.recovery(RecoveryShare.draw(Secrets.RANDOM))) {
      assertThatThrownBy(() -> Vault.open(file, wrong))
          .hasMessageContaining("wrong recovery share for vault");
    }
  }

  @Test
  void countsAChangeOfUnlocksAsAWriteSoAnOlderSetIsRefused() throws Exception {
    VaultKey second = another("second");
    byte[] both;
    try (Vault vault = Vault.create(file, key)) {
      vault.addUnlock(key, second, "second");
      both = Files.readAllBytes(file);
      vault.removeUnlock("second");
    }
    Files.write(file, both);
    assertThatThrownBy(() -> Vault.open(file, second)).hasMessageContaining("is an older copy");
  }

  @Test
  void isLeftWithTheNewUnlockAloneByARekey() throws Exception {
    VaultKey second = another("second");
    VaultKey third = another("third");
    try (Vault vault = Vault.create(file, key)) {
      vault.put("a", "b", Secrets.of("c"));
      vault.addUnlock(key, second, "second");
      vault.rekey(third);
      assertThat(vault.unlocks()).hasSize(1);
    }
    for (VaultKey gone : List.of(key, second)) {
      assertThatThrownBy(() -> Vault.open(file, gone)).hasMessageContaining("wrong key file");
    }
    Vault.open(file, third).close();
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_WRITE", "HALF_WRITTEN", "WRITTEN", "RENAMED", "SYNCED"})
  void changesItsUnlocksWholeOrNotAtAll(Moment moment) throws Exception {
    VaultKey second = another("second");
    var disk = new FailingDisk();
    try (Vault vault = Vault.create(file, key, disk, Secrets.RANDOM)) {
      vault.put("a", "b", Secrets.of("c"));
      disk.failAt(moment);
      assertThatThrownBy(() -> vault.addUnlock(key, second, "second"))
          .isInstanceOf(VaultException.class);
      assertThat(vault.unlocks()).hasSize(1);
    }
    boolean renamed = moment.compareTo(Moment.RENAMED) >= 0;
    try (Vault vault = Vault.open(file, renamed ? second : key)) {
      assertThat(VaultTest.text(vault, "a", "b")).isEqualTo("c");
      assertThat(vault.unlocks()).hasSize(renamed ? 2 : 1);
    }
  }

  @Test
  void doesNotChangeUnlocksWhenOnlyRead() throws Exception {
    Vault.create(file, key).close();
    try (Vault vault = Vault.openToRead(file, key)) {
      assertThat(vault.unlocks()).hasSize(1);
      assertThatThrownBy(() -> vault.addUnlock(key, another("second"), "second"))
          .hasMessageContaining("was opened to read only");
    }
  }

  /// Written by the program that knew one unlock and a journal; its key file holds 0 to 31.
  @Test
  void upgradesAVaultOfSchema2WhenItsUnlocksChangeAndNotBefore() throws Exception {
    byte[] old = resource("schema-2.vault");
    Files.write(file, old);
    byte[] octets = new byte[32];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) i;
    }
    VaultKey first = VaultKey.keyFile(Files.write(directory.resolve("first"), octets));
    VaultKey second = another("second");
    try (Vault vault = Vault.open(file, first)) {
      requireContent(vault);
      vault.put("new", "a", Secrets.of("b"));
      assertThat(Files.readAllBytes(file)).startsWith(old);
      assertThat(vault.unlocks()).containsExactly(new VaultUnlock("key file", "key file", ""));
      assertThatThrownBy(() -> vault.removeUnlock("key file")).hasMessageContaining("last unlock");
      vault.addUnlock(first, second, "second");
      assertThat(Files.readAllBytes(file)[7]).isEqualTo((byte) 3);
    }
    for (VaultKey either : List.of(first, second)) {
      try (Vault vault = Vault.open(file, either)) {
        requireContent(vault);
        assertThat(VaultTest.text(vault, "new", "a")).isEqualTo("b");
      }
    }
  }

  @Test
  void opensAVaultOfSchema2UnderAPassphraseAndRefusesEveryFlippedBitOfItsSnapshot()
      throws Exception {
    byte[] old = resource("schema-2-passphrase.vault");
    Files.write(file, old);
    try (VaultKey passphrase = VaultKey.passphrase("correct horse".toCharArray())) {
      try (Vault vault = Vault.open(file, passphrase)) {
        requireContent(vault);
      }
      int snapshot = 97 + 4 + 8 + 4 + 32 + 32;
      for (int bit = 0; bit < 8 * snapshot; bit++) {
        byte[] flipped = old.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(file, flipped);
        assertThatThrownBy(() -> Vault.open(file, passphrase)).hasMessageContaining("is damaged");
      }
    }
  }

  private static void requireContent(Vault vault) {
    assertThat(vault.names("gmk")).containsExactly("a", "b");
    assertThat(VaultTest.text(vault, "gmk", "a")).isEqualTo("first, replaced");
    assertThat(VaultTest.text(vault, "gmk", "b")).isEqualTo("second");
    assertThat(VaultTest.text(vault, "ssk", "sip:alice@example.org 42")).isEqualTo("of alice");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = VaultUnlockTest.class.getResourceAsStream("/vault/" + name)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  @Test
  void needsAsManyHoldersAsWereAskedForAndNamesWhoIsWrong() throws Exception {
    try (VaultKey shares = VaultKey.newShares(3, holders("alice", "bob", "carol", "dave"))) {
      Vault.create(file, shares).close();
    }
    try (VaultKey all = VaultKey.shares(holders("alice", "bob", "carol", "dave"))) {
      Vault.open(file, all).close();
    }
    try (VaultKey two = VaultKey.shares(holders("alice", "bob"))) {
      assertThatThrownBy(() -> Vault.open(file, two))
          .hasMessageContaining("3 of the holders must come together, 2 came");
    }
    try (VaultKey stranger = VaultKey.shares(holders("alice", "bob", "eve"))) {
      assertThatThrownBy(() -> Vault.open(file, stranger))
          .hasMessageContaining("these holders do not open");
    }
    Map<String, VaultKey> wrong = holders("alice", "carol", "dave");
    wrong.put("carol", VaultKey.passphrase("mistyped".toCharArray()));
    try (VaultKey three = VaultKey.shares(wrong)) {
      assertThatThrownBy(() -> Vault.open(file, three))
          .hasMessageContaining("wrong passphrase of the holder carol");
    }
    for (int needed : new int[] {0, 1, 4}) {
      assertThatThrownBy(() -> VaultKey.newShares(needed, holders("alice", "bob", "carol")))
          .hasMessageContaining("shares cannot be");
    }
  }
}
