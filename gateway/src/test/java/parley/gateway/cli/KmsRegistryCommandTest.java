package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.audit.AuditReader;
import parley.keys.http.LabAuthority;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.ceremony.Transcript;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;

/// `parley kms user | group | ticket` and the ceremony, as an operator types them.
class KmsRegistryCommandTest {
  private static final String ALICE = "sip:alice@example.org";

  @TempDir Path folder;

  @BeforeEach
  void prepare() throws Exception {
    Files.write(folder.resolve("key"), new byte[32]);
    Files.writeString(folder.resolve("a"), "battery\n");
    Files.writeString(folder.resolve("b"), "staple\n");
    Instant now = InstantSource.system().instant();
    LabAuthority.create("lab", now.minusSeconds(60), now.plusSeconds(3600), new SecureRandom())
        .issue(
            folder,
            "kms",
            List.of(LabAuthority.dns("localhost")),
            now.minusSeconds(60),
            now.plusSeconds(3600));
    ok("init --vault @kms.vault --key-file @key --uri kms.example.org");
    Files.writeString(
        folder.resolve("kms.yaml"),
        """
        vault: {file: kms.vault, key-file: key}
        url: https://localhost:8443
        https: {listen: "127.0.0.1:0", certificate: kms.pem, key: kms-key.pem}
        admin: {listen: "127.0.0.1:0"}
        """);
  }

  @Test
  void aUserComesAndIsRevokedAndReinstated() throws Exception {
    ok("user add --config @kms.yaml --identity " + ALICE + " --device phone-1 --impi a@ims.org");

    assertThat(ok("user show --config @kms.yaml --identity " + ALICE))
        .contains("phone-1", "IMPI a@ims.org");
    ok("user revoke --config @kms.yaml --identity " + ALICE + " --reason left");
    assertThat(ok("user list --config @kms.yaml --json")).contains("\"revoked\" : \"left\"");
    ok("user reinstate --config @kms.yaml --identity " + ALICE);
    assertThat(ok("user list --config @kms.yaml")).doesNotContain("left");
    assertThat(fails(1, "user revoke --config @kms.yaml --identity sip:eve@example.org"))
        .contains("is no user of this KMS");
    var report = AuditReader.read(List.of(folder.resolve("audit/audit-cli.log")));
    assertThat(report.isUnaltered()).isTrue();
    assertThat(report.lines())
        .anySatisfy(line -> {
          assertThat(line.act()).isEqualTo("user revoke");
          assertThat(line.target()).isEqualTo(ALICE);
          assertThat(line.outcome()).isEqualTo("done");
        });
  }

  @Test
  void worksBesideWhoeverHasTheVaultOpen() throws Exception {
    ok("user list --config @kms.yaml");

    try (Vault open =
        Vault.open(folder.resolve("kms.vault"), VaultKey.keyFile(folder.resolve("key")))) {
      ok("user add --config @kms.yaml --identity " + ALICE);
      assertThat(ok("status --vault @kms.vault --key-file @key")).contains("kms.example.org");
      assertThat(open.types()).contains("kms-front");
    }
  }

  @Test
  void nothingOfAWrongFileIsImported() throws Exception {
    ok("user add --config @kms.yaml --identity sip:eve@example.org --impi eve@ims.org");
    String head = KmsUsersFile.HEAD + "\n";
    importing(head + ALICE + ",phone 1,,,\nbob,,,,\n");
    assertThat(fails(4, "user import --config @kms.yaml @u.csv")).contains("u.csv, line 3:");
    importing(head + ALICE + ",,,,\nsip:bob@example.org,,eve@ims.org,,\n");
    assertThat(fails(4, "user import --config @kms.yaml @u.csv"))
        .contains("u.csv, line 3: one of its names is another user's");
    importing(head + ALICE + ",,x@ims.org,,\nsip:bob@example.org,,x@ims.org,,\n");
    assertThat(fails(4, "user import --config @kms.yaml @u.csv")).contains("line 3");
    importing(head + ALICE + ",,,,\n" + ALICE + ",,,,\n");
    assertThat(fails(4, "user import --config @kms.yaml @u.csv")).contains("line 3", "twice");
    importing("identity\n");
    assertThat(fails(4, "user import --config @kms.yaml @u.csv")).contains("line 1");
    assertThat(ok("user list --config @kms.yaml").lines()).hasSize(1);

    importing(head + ALICE + ",phone-1 phone-2,,URI:" + ALICE + ",\nsip:bob@example.org,,,,\n");
    assertThat(ok("user import --config @kms.yaml @u.csv")).contains("2 users");
    assertThat(ok("user show --config @kms.yaml --identity " + ALICE)).contains("phone-2");
  }

  private void importing(String text) throws Exception {
    Files.writeString(folder.resolve("u.csv"), text);
  }

  @Test
  void theOnlyDeviceIsNotTakenAway() {
    ok("user add --config @kms.yaml --identity " + ALICE + " --device lost");
    String lost = "user remove-device --config @kms.yaml --identity " + ALICE + " --device lost";

    assertThat(fails(1, lost)).contains("add another device or revoke the user first");
    ok("user add --config @kms.yaml --identity " + ALICE + " --device new");
    ok(lost);
  }

  @Test
  void aGroupNeedsManagersThatAreUsers() {
    String put =
        "group put --config @kms.yaml --group sip:team@example.org --kms kms.example.org"
            + " --manager-address https://manager.example.org --manager sip:m@example.org"
            + " --member "
            + ALICE;

    assertThat(fails(1, put)).contains("sip:m@example.org is no user");
    ok("user add --config @kms.yaml --identity sip:m@example.org");
    ok(put);
    assertThat(ok("user show --config @kms.yaml --identity sip:m@example.org"))
        .contains("[sip:team@example.org]");
  }

  @Test
  void aTicketIsItsOwnersAloneAndOverwritesNothing() throws Exception {
    String ticket = "ticket --config @kms.yaml --identity " + ALICE + " --device phone-1 --out @t";

    assertThat(fails(1, ticket)).contains("is no user");
    ok("user add --config @kms.yaml --identity " + ALICE);
    assertThat(ok(ticket)).contains("is good once");
    Path file = folder.resolve("t");
    assertThat(Files.readString(file)).matches("[A-Za-z0-9_-]{43}\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(fails(1, ticket)).contains("exists already");
    assertThat(fails(2, ticket.replace("--out @t", "--show"))).contains("terminal");
  }

  @Test
  void holdersOfSharesMakeAndOpenAKmsOnRecord() throws Exception {
    ok(
        "init --vault @w --uri kms.example.net --needed 2 --share a=@a --share b=@b"
            + " --transcript @init.txt --witness Carol");

    String text = Files.readString(folder.resolve("init.txt"));
    assertThat(Transcript.isWhole(text)).isTrue();
    assertThat(text).contains("present: Carol", "shares-needed: 2", "kms-uri: kms.example.net");
    assertThat(fails(5, "status --vault @w --share a=@a")).contains("2 of the holders");
    ok("status --vault @w --share a=@a --share b=@b");
    assertThat(fails(2, "init --vault @x --key-file @key --uri k.example.org --transcript @y"))
        .contains("somebody");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void aBackupComesBack() throws Exception {
    ok("backup --vault @kms.vault --key-file @key --out @copy");
    ok("export-certificate --vault @kms.vault --key-file @key --out @kms.xml");
    assertThat(fails(5, "restore --vault @kms.vault --key-file @key --from @copy"))
        .contains("exists");

    Files.delete(folder.resolve("kms.vault"));
    ok("restore --vault @kms.vault --key-file @key --from @copy");
    try (Vault back =
            Vault.open(folder.resolve("kms.vault"), VaultKey.keyFile(folder.resolve("key")));
        KmsIssuer kms = KmsIssuer.open(back)) {
      assertThat(kms.certificate().kmsUri()).isEqualTo("kms.example.org");
    }
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

  /// `@` at the start of a word stands for the test's folder.
  private Run run(String line) {
    var words = new ArrayList<Object>();
    words.add("kms");
    for (String word : line.split(" ", -1)) {
      words.add(word.replaceFirst("^((\\w=)?)@", "$1" + folder + "/"));
    }
    return Run.of(words.toArray());
  }
}
