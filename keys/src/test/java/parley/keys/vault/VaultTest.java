package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.mikey.secret.SecretBytes;

class VaultTest {
  @TempDir Path directory;
  private Path file;
  private VaultKey key;

  @BeforeEach
  void prepare() throws IOException {
    file = directory.resolve("vault");
    key = VaultKey.keyFile(Secrets.keyFile(directory, "key"));
  }

  @Test
  void keepsRecordsOverReopening() throws VaultException {
    try (Vault vault = Vault.create(file, key)) {
      vault.put("gmk", "b", Secrets.of("second"));
      vault.put("gmk", "a", Secrets.of("first"));
      vault.put("gmk", "a", Secrets.of("first, replaced"));
      vault.put("ssk", "a", Secrets.of("of another type"));
      vault.put("gmk", "c", Secrets.of("third"));
      assertThat(vault.remove("gmk", "c")).isTrue();
      assertThat(vault.remove("gmk", "c")).isFalse();
    }
    try (Vault vault = Vault.open(file, key)) {
      assertThat(vault.names("gmk")).containsExactly("a", "b");
      assertThat(text(vault, "gmk", "a")).isEqualTo("first, replaced");
      assertThat(text(vault, "ssk", "a")).isEqualTo("of another type");
      assertThat(vault.read("gmk", "c")).isEmpty();
      assertThat(vault.counter()).isEqualTo(7);
    }
  }

  @Test
  void isReadBesideTheProcessThatWritesAndNeverWrittenFromThere() throws VaultException {
    try (Vault writer = Vault.create(file, key)) {
      writer.put("gmk", "a", Secrets.of("first"));
      try (Vault reader = Vault.openToRead(file, key)) {
        writer.put("gmk", "a", Secrets.of("second"));
        assertThat(text(reader, "gmk", "a")).isEqualTo("first");
        assertThatThrownBy(() -> reader.put("gmk", "a", Secrets.of("third")))
            .isInstanceOf(VaultException.class)
            .hasMessageContaining("to read only");
      }
      assertThat(text(writer, "gmk", "a")).isEqualTo("second");
    }
  }

  @Test
  void storesSeveralRecordsAsOne() throws VaultException {
    try (Vault vault = Vault.create(file, key)) {
      vault.put("a", "1", Secrets.of("old"));
      long before = vault.counter();
      try (VaultEdit edit = vault.edit()) {
        edit.put("a", "1", Secrets.of("new")).put("a", "2", Secrets.of("also")).remove("b", "x");
        assertThat(text(vault, "a", "1")).isEqualTo("old");
        edit.commit();
      }
      assertThat(vault.counter()).isEqualTo(before + 1);
      assertThat(text(vault, "a", "1")).isEqualTo("new");
    }
  }

  @Test
  void findsNamesByTheirBeginning() throws VaultException {
    try (Vault vault = Vault.create(file, key)) {
      for (String name : List.of("x 1", "x", "x 2", "x 10", "w 9", "y 0", "x\uffff", "")) {
        vault.put("b", name, Secrets.of("value"));
      }
      vault.put("a", "x 3", Secrets.of("of another type"));
      vault.put("ba", "x 4", Secrets.of("of a type that begins alike"));
      assertThat(vault.names("b", "x ")).containsExactly("x 1", "x 10", "x 2");
      assertThat(vault.names("b", "x\uffff")).containsExactly("x\uffff");
      assertThat(vault.names("b", "z")).isEmpty();
      assertThat(vault.names("b", "")).isEqualTo(vault.names("b")).hasSize(8);
      assertThat(vault.names("a")).containsExactly("x 3");
      assertThat(vault.names("c")).isEmpty();
      assertThat(vault.remove("b", "x 10")).isTrue();
      assertThat(vault.names("b", "x ")).containsExactly("x 1", "x 2");
    }
  }

  @Test
  void refusesATypeThatWouldReadAsAnother() throws VaultException {
    try (Vault vault = Vault.create(file, key)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> vault.put("a\0b", "c", Secrets.of("d")));
      vault.put("a", "b\0c", Secrets.of("d"));
      assertThat(vault.names("a")).containsExactly("b\0c");
    }
  }

  @Test
  void appendsAnEditAndLeavesWhatWasThere() throws VaultException, IOException {
    try (Vault vault = Vault.create(file, key)) {
      for (int i = 0; i < 20; i++) {
        byte[] before = Files.readAllBytes(file);
        vault.put("a", "b" + i % 3, Secrets.of("value"));
        assertThat(Files.readAllBytes(file))
            .startsWith(before)
            .hasSizeLessThan(before.length + 200);
      }
    }
  }

  @Test
  void leavesNothingOfWhatWasReplacedAfterARekey() throws VaultException, IOException {
    try (Vault vault = Vault.create(file, key)) {
      vault.put("a", "b", Secrets.of("c"));
      vault.rekey(key);
      long size = Files.size(file);
      vault.put("a", "long".repeat(50), Secrets.of("gone"));
      assertThat(vault.remove("a", "long".repeat(50))).isTrue();
      assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
          .contains("longlong");
      vault.rekey(key);
      assertThat(Files.size(file)).isEqualTo(size);
    }
  }

  @Test
  void writesAllAnewWhereSomebodyTookItsFileAwayOrPutAnotherThere() throws Exception {
    try (Vault vault = Vault.create(file, key)) {
      vault.put("a", "1", Secrets.of("one"));
      Path older = Files.copy(file, directory.resolve("older"));
      vault.put("a", "2", Secrets.of("two"));
      Files.move(older, file, StandardCopyOption.REPLACE_EXISTING);
      vault.put("a", "3", Secrets.of("three"));
      requireOnDisk(vault, "1", "2", "3");

      Files.delete(file);
      vault.put("a", "4", Secrets.of("four"));
      requireOnDisk(vault, "1", "2", "3", "4");

      Path asLong = Files.write(directory.resolve("other"), new byte[(int) Files.size(file)]);
      Files.move(asLong, file, StandardCopyOption.REPLACE_EXISTING);
      vault.put("a", "5", Secrets.of("five"));
      requireOnDisk(vault, "1", "2", "3", "4", "5");

      Files.write(file, new byte[10]);
      vault.put("a", "6", Secrets.of("six"));
      requireOnDisk(vault, "1", "2", "3", "4", "5", "6");
    }
  }

  private void requireOnDisk(Vault vault, String... names) throws VaultException {
    try (Vault onDisk = Vault.openToRead(file, key)) {
      assertThat(onDisk.names("a")).containsExactly(names);
      assertThat(onDisk.counter()).isEqualTo(vault.counter());
    }
  }

  @Test
  void belongsToItsOwnerAlone() throws VaultException, IOException {
    Vault.create(file, key).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lockFile())))
        .isEqualTo("rw-------");
  }

  @Test
  void showsNoValueInTheFile() throws VaultException, IOException {
    try (Vault vault = Vault.create(file, key)) {
      vault.put("type", "name", Secrets.of("a very secret value"));
    }
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .contains("name")
        .doesNotContain("very", "secret");
  }

  @Test
  void refusesTheWrongPassphraseInOneSentence() throws VaultException, IOException {
    try (VaultKey right = VaultKey.passphrase("correct horse".toCharArray());
        VaultKey wrong = VaultKey.passphrase("battery staple".toCharArray())) {
      try (Vault vault = Vault.create(file, right)) {
        vault.put("a", "b", Secrets.of("c"));
      }
      byte[] before = Files.readAllBytes(file);
      assertThatThrownBy(() -> Vault.open(file, wrong))
          .isInstanceOf(VaultException.class)
          .hasMessage(
              "wrong passphrase for vault %s; nothing was changed, try the right one", file);
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
      Path passphraseFile = Files.writeString(directory.resolve("pass"), "correct horse\n");
      try (Vault vault = Vault.open(file, VaultKey.passphraseFile(passphraseFile))) {
        assertThat(text(vault, "a", "b")).isEqualTo("c");
      }
    }
  }

  @Test
  void refusesAnotherKindOfKeyAndBadKeyFiles() throws VaultException, IOException {
    Vault.create(file, key).close();
    try (VaultKey passphrase = VaultKey.passphrase("x".toCharArray())) {
      assertThatThrownBy(() -> Vault.open(file, passphrase))
          .hasMessage(
              "vault %s is opened by a key file, not by a passphrase; configure that one", file);
    }
    Path shortFile = Files.write(directory.resolve("short"), new byte[31]);
    assertThatThrownBy(() -> Vault.open(file, VaultKey.keyFile(shortFile)))
        .hasMessageContaining("has 31 octets; it must have exactly 32");
    assertThatThrownBy(() -> Vault.open(file, VaultKey.keyFile(directory.resolve("none"))))
        .hasMessageContaining("cannot be read (there is no such file or directory)");
    Path other = Secrets.keyFile(directory, "other");
    assertThatThrownBy(() -> Vault.open(file, VaultKey.keyFile(other)))
        .hasMessageStartingWith("wrong key file for vault");
    Path empty = Files.writeString(directory.resolve("empty"), "\nsecond line");
    assertThatThrownBy(() -> Vault.open(file, VaultKey.passphraseFile(empty)))
        .isInstanceOf(VaultException.class);
  }

  @Test
  void refusesWhatIsNotThereOrThereAlready() throws VaultException {
    assertThatThrownBy(() -> Vault.open(file, key))
        .hasMessage("there is no vault at %s; create it, or correct the path", file);
    Vault.create(file, key).close();
    assertThatThrownBy(() -> Vault.create(file, key))
        .hasMessage("vault %s exists already; open it, or choose another path", file);
    Path nowhere = directory.resolve("no/such/place");
    assertThatThrownBy(() -> Vault.create(nowhere, key))
        .hasMessageContaining("check that its directory exists and may be written");
  }

  @Test
  void saysWithoutThePathWhyItCannotBeLocked() throws VaultException, IOException {
    Files.createDirectory(lockFile());
    assertThatThrownBy(() -> Vault.create(file, key))
        .hasMessage(
            "vault %s cannot be locked (is a directory);"
                + " check that its directory exists and may be written",
            file);
  }

  @Test
  void isOpenOnlyOnce() throws VaultException {
    try (Vault vault = Vault.create(file, key)) {
      assertThatThrownBy(() -> Vault.open(file, key))
          .hasMessage("vault %s is in use by another process; stop that one first", file);
      vault.put("a", "b", Secrets.of("c"));
    }
    try (Vault vault = Vault.open(file, key)) {
      assertThat(text(vault, "a", "b")).isEqualTo("c");
    }
  }

  /// A second try in this process used to end the lock that the first had.
  @Test
  void staysLockedForOtherProcessesAfterASecondTryInThisOne() throws Exception {
    try (Vault vault = Vault.create(file, key)) {
      Path link = Files.createLink(directory.resolve("other name.lock"), lockFile());
      assertThat(Files.exists(link)).isTrue();
      for (Path path : List.of(file, directory.resolve("other name"))) {
        assertThatThrownBy(() -> VaultLock.take(path))
            .hasMessageEndingWith("is in use by another process; stop that one first");
      }
      assertThat(triedByAnotherProcess())
          .isEqualTo("vault %s is in use by another process; stop that one first", file);
      vault.put("a", "b", Secrets.of("c"));
    }
    assertThat(triedByAnotherProcess()).isEqualTo("opened");
    Vault.open(file, key).close();
  }

  private String triedByAnotherProcess() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var said = other.inputReader(java.nio.charset.StandardCharsets.UTF_8)) {
      String line = said.readLine();
      other.waitFor();
      return line;
    }
  }

  /// Another process, which wants the vault's lock.
  static final class Other {
    private Other() {}

    public static void main(String[] args) {
      try (VaultLock _ = VaultLock.take(Path.of(args[0]))) {
        System.out.println("opened");
      } catch (VaultException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void refusesAnOlderCopyWhereItCanTell() throws VaultException, IOException {
    byte[] older;
    byte[] olderMark;
    try (Vault vault = Vault.create(file, key)) {
      vault.put("a", "b", Secrets.of("old"));
      older = Files.readAllBytes(file);
      olderMark = Files.readAllBytes(lockFile());
      vault.put("a", "b", Secrets.of("new"));
    }
    Files.write(file, older);
    assertThatThrownBy(() -> Vault.open(file, key))
        .hasMessageContaining("is an older copy (write 2, but write 3 was seen here)")
        .hasMessageContaining(lockFile().toString());
    assertThat(Files.readAllBytes(file)).isEqualTo(older);
    // and where it cannot: both files together, as the class says
    Files.write(lockFile(), olderMark);
    Vault.open(file, key).close();
  }

  @Test
  void refusesAnOlderCopyFromBeforeARekey() throws VaultException, IOException {
    byte[] older;
    try (Vault vault = Vault.create(file, key)) {
      older = Files.readAllBytes(file);
      vault.rekey(key);
    }
    Files.write(file, older);
    assertThatThrownBy(() -> Vault.open(file, key)).hasMessageContaining("is an older copy");
  }

  @Test
  void changesItsOwner() throws VaultException, IOException {
    VaultKey next = VaultKey.keyFile(Secrets.keyFile(directory, "next"));
    try (Vault vault = Vault.create(file, key)) {
      vault.put("a", "b", Secrets.of("c"));
      vault.rekey(next);
      assertThat(text(vault, "a", "b")).isEqualTo("c");
      vault.put("a", "d", Secrets.of("e"));
    }
    assertThatThrownBy(() -> Vault.open(file, key)).hasMessageStartingWith("wrong key file");
    try (Vault vault = Vault.open(file, next)) {
      assertThat(text(vault, "a", "b")).isEqualTo("c");
      assertThat(text(vault, "a", "d")).isEqualTo("e");
    }
  }

  @Test
  void keepsItsRecordingKey() throws VaultException {
    byte[] keyId;
    byte[] wrapped;
    try (Vault vault = Vault.create(file, key)) {
      RecordingKey recordingKey = vault.recordingKey();
      assertThat(vault.recordingKey()).isSameAs(recordingKey);
      keyId = recordingKey.keyId();
      wrapped = recordingKey.wrap(Secrets.of("sixteen octets !"));
    }
    try (Vault vault = Vault.open(file, key);
        SecretBytes back = vault.recordingKey().unwrap(wrapped)) {
      assertThat(vault.recordingKey().keyId()).isEqualTo(keyId).hasSize(8);
      assertThat(Secrets.text(back)).isEqualTo("sixteen octets !");
    }
  }

  @Test
  void givesNothingOutOnceClosed() throws VaultException {
    Vault vault = Vault.create(file, key);
    RecordingKey recordingKey = vault.recordingKey();
    vault.close();
    vault.close();
    assertThatIllegalStateException().isThrownBy(() -> vault.read("a", "b"));
    assertThatIllegalStateException().isThrownBy(() -> vault.put("a", "b", Secrets.of("c")));
    assertThatIllegalStateException()
        .isThrownBy(() -> recordingKey.wrap(Secrets.of("sixteen octets !")));
  }

  private Path lockFile() {
    return directory.resolve("vault.lock");
  }

  static String text(Vault vault, String type, String name) {
    try (SecretBytes value = vault.read(type, name).orElseThrow()) {
      return Secrets.text(value);
    }
  }
}
