package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `parley vault` from its init to a lost passphrase.
class VaultCommandTest {
  @TempDir Path folder;

  @BeforeEach
  void prepare() throws IOException {
    Files.write(folder.resolve("key"), new byte[32]);
    Files.writeString(folder.resolve("pass"), "correct horse\n");
    Files.writeString(folder.resolve("alice"), "battery\n");
    Files.writeString(folder.resolve("bob"), "staple\n");
    Files.writeString(folder.resolve("carol"), "stapler\n");
  }

  @Test
  void initSaysWhatALostPassphraseMeans() {
    assertThat(ok("init --vault @v --key-file @key"))
        .contains("if what opens it is lost, all that is in it is lost");
    assertThat(fails(5, "init --vault @v --key-file @key")).contains("exists already");
  }

  @Test
  void aRecoveryShareOpensTheVaultWhenThePassphraseIsLost() throws IOException {
    String out = ok("init --vault @v --passphrase-file @pass --recovery-share @paper");

    Path paper = folder.resolve("paper");
    String text = Files.readString(paper).strip();
    assertThat(out).contains("paper").doesNotContain(text.substring(0, 9));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(paper)))
        .isEqualTo("rw-------");
    ok("rekey --vault @v --recovery-file @paper --new-passphrase-file @alice");
    ok("verify --vault @v --passphrase-file @alice");
    assertThat(fails(5, "verify --vault @v --recovery-file @paper")).contains("not by a recovery");
  }

  @Test
  void aRecoveryShareIsPrintedOnceWhereThatIsAskedFor() throws IOException {
    ok("init --vault @v --key-file @key");

    String out = ok("unlock add --vault @v --key-file @key --name paper --new-recovery");

    String text = out.lines().filter(line -> line.startsWith("  ")).findFirst().orElseThrow();
    Files.writeString(folder.resolve("typed"), text.toLowerCase(java.util.Locale.ROOT));
    ok("verify --vault @v --recovery-file @typed");
    Files.writeString(folder.resolve("typed"), text.replace('A', 'C').replace('B', 'D') + "A");
    assertThat(fails(5, "verify --vault @v --recovery-file @typed")).contains("14 groups");
  }

  @Test
  void neverWritesARecoveryShareOverAFile() throws IOException {
    assertThat(fails(1, "init --vault @v --key-file @key --recovery-share @pass"))
        .contains("exists already");
    assertThat(folder.resolve("pass")).hasContent("correct horse\n");
    assertThat(ok("unlock list --vault @v --key-file @key").lines()).hasSize(1);
  }

  @Test
  void unlocksComeAndGoButTheLastStays() {
    ok("init --vault @v --key-file @key");
    ok("unlock add --vault @v --key-file @key --name operator --new-passphrase-file @pass");

    assertThat(ok("unlock list --vault @v --passphrase-file @pass"))
        .contains("key file", "operator             passphrase");
    assertThat(ok("unlock list --vault @v --passphrase-file @pass --json"))
        .contains("\"name\" : \"operator\"", "\"kind\" : \"passphrase\"");
    ok("unlock remove --vault @v --passphrase-file @pass --name operator");
    assertThat(fails(5, "verify --vault @v --passphrase-file @pass"))
        .contains("is opened by a key file, not by a passphrase");
    Run last = run("unlock remove --vault @v --key-file @key --name", "key file");
    assertThat(last.exitCode()).isEqualTo(5);
    assertThat(last.err()).contains("is the last unlock");
  }

  @Test
  void holdersOpenTogether() {
    ok("init --vault @v --needed 2 --share alice=@alice --share bob=@bob --share carol=@carol");

    ok("verify --vault @v --share carol=@carol --share alice=@alice");
    assertThat(fails(5, "verify --vault @v --share carol=@carol")).contains("2 of the holders");
    assertThat(fails(5, "verify --vault @v --share carol=@carol --share bob=@alice"))
        .contains("wrong passphrase of the holder bob");
    assertThat(fails(5, "init --vault @w --needed 3 --share alice=@alice --share bob=@bob"))
        .contains("3 of 2 shares cannot be");
    assertThat(fails(5, "verify --vault @v --share carol --share bob")).contains("no terminal");
  }

  @Test
  void verifyLooksAtTheWholeVault() throws IOException {
    ok("init --vault @v --key-file @key");

    assertThat(ok("verify --vault @v --key-file @key"))
        .contains("is whole: 0 records, write 1, opened by 1 unlocks");
    assertThat(ok("verify --vault @v --key-file @key --while-running")).contains("is whole");
    byte[] octets = Files.readAllBytes(folder.resolve("v"));
    octets[octets.length - 40] ^= 1;
    Files.write(folder.resolve("v"), octets);
    assertThat(fails(5, "verify --vault @v --key-file @key")).contains("is damaged");
  }

  @Test
  void rekeyNamesTheUnlocksThatAreGone() {
    ok("init --vault @v --key-file @key");
    ok("unlock add --vault @v --key-file @key --name operator --new-passphrase-file @pass");

    assertThat(ok("rekey --vault @v --key-file @key --new-passphrase-file @alice"))
        .contains("gone are key file, operator");
    assertThat(ok("unlock list --vault @v --passphrase-file @alice").lines()).hasSize(1);
  }

  @Test
  void oneKeyIsEnoughAndAMissingModuleIsNamed() {
    assertThat(fails(2, "init --vault @v --key-file @key --passphrase-file @pass"))
        .contains("exclude each other");
    assertThat(fails(5, "init --vault @v --token-module @none.so --pin-file @pass"))
        .contains("there is no PKCS#11 module at");
    assertThat(folder.resolve("v")).doesNotExist();
  }

  private String ok(String line) {
    Run run = run(line);
    assertThat(run.exitCode()).as("%s%n%s", line, run.err()).isZero();
    return run.out();
  }

  private String fails(int exitCode, String line) {
    Run run = run(line);
    assertThat(run.exitCode()).as("%s%n%s%s", line, run.out(), run.err()).isEqualTo(exitCode);
    assertThat(run.err().strip().lines()).hasSize(1);
    return run.err();
  }

  /// `@` stands for the test's folder.
  private Run run(String line, String... last) {
    var words = new java.util.ArrayList<Object>();
    words.add("vault");
    for (String word : line.split(" ", -1)) {
      words.add(word.replace("@", folder + "/"));
    }
    words.addAll(java.util.List.of(last));
    return Run.of(words.toArray());
  }
}
