package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// KMS, group manager and member from first to last by their subcommands, as an operator types
/// them.
class ProvisioningTest {
  private static final String GROUP = "sip:fire@example.org";
  private static final String ALICE = "sip:alice@example.org";

  @TempDir Path folder;

  @BeforeEach
  void secrets() throws IOException {
    Files.writeString(folder.resolve("pass"), "correct horse\n");
    Files.writeString(folder.resolve("other"), "battery staple\n");
    Files.write(folder.resolve("key"), new byte[32]);
    Files.writeString(
        folder.resolve("members.yaml"),
        "members: [{identity: '" + ALICE + "', may: [talk, listen]}]");
  }

  @Test
  void provisionsAGroupThroughFiles() {
    provision();

    ok("manager distribute --vault fire.vault --key-file key --group " + GROUP + " --out inbox");
    assertThat(status()).contains("PENDING").contains(ALICE);
    String iMessage = "inbox/sip_alice@example.org.mikey";
    assertThat(folder.resolve(iMessage)).exists();
    assertThat(enrol("--gmk " + iMessage)).contains("took the GMK of " + GROUP);
    assertThat(enrol("--gmk " + iMessage)).contains("took this GMK before");
    ok(
        "manager receipt --vault fire.vault --key-file key --group "
            + GROUP
            + " "
            + iMessage
            + ".receipt");

    assertThat(status()).contains("CONFIRMED").doesNotContain("PENDING");
    listingsSpeakJson();
    assertThat(ok("vault list --vault alice.vault --key-file key"))
        .contains("gmks")
        .contains(GROUP);
  }

  /// Field names that scripts rely on.
  private void listingsSpeakJson() {
    String group = " --vault fire.vault --key-file key --json --group " + GROUP;
    JsonNode status = json("manager status" + group);
    assertThat(status.propertyNames()).containsExactly("group", "dissolved", "gmks");
    JsonNode gmk = status.get("gmks").get(0);
    assertThat(gmk.propertyNames())
        .containsExactly("gmkId", "issued", "activation", "expiry", "revoked", "deliveries");
    assertThat(gmk.get("expiry").isNull()).isTrue();
    JsonNode delivery = gmk.get("deliveries").get(0);
    assertThat(delivery.propertyNames()).containsExactly("ue", "state", "since", "address");
    assertThat(delivery.get("state").asString()).isEqualTo("confirmed");
    JsonNode members = json("manager member" + group);
    assertThat(members.propertyNames()).containsExactly("group", "members");
    assertThat(members.get("members").toString())
        .isEqualTo("[{\"identity\":\"" + ALICE + "\",\"may\":[\"listen\",\"talk\"]}]");
    assertThat(json("manager list --vault fire.vault --key-file key --json").toString())
        .isEqualTo("[\"" + GROUP + "\"]");
    JsonNode kms = json("kms show --vault kms.vault --key-file key --json");
    assertThat(kms.propertyNames()).containsExactly("uri", "userIdFormat", "present", "next");
    assertThat(kms.get("present").propertyNames()).containsExactly("number", "from", "until");
    JsonNode entry = json("vault list --vault alice.vault --key-file key --json").get(0);
    assertThat(entry.propertyNames()).containsExactly("type", "name");
  }

  /// What a stranger, somebody with the KMS's certificate, and the member see in its message.
  @Test
  void looksIntoAMessage() throws IOException {
    provision();
    ok("manager distribute --vault fire.vault --key-file key --group " + GROUP + " --out inbox");
    String iMessage = "inbox/sip_alice@example.org.mikey";
    String member = " --vault alice.vault --key-file key --identity " + ALICE + " ";

    assertThat(ok("mikey decode " + iMessage))
        .contains("HDR", "26 (SAKKE)", "\"" + ALICE + "\"", "SIGN", "2 (ECCSI)")
        .contains("purpose tag 0 (GMK)")
        .doesNotContain("signature:", "key: ");
    assertThat(ok("mikey decode --kms-certificate kms.cert " + iMessage))
        .contains("signature: valid, of " + GROUP);
    assertThat(ok("mikey decode" + member + iMessage))
        .contains("signature: valid", "key: GMK")
        .doesNotContainPattern("key: GMK.*, [0-9a-f]{32}");
    assertThat(ok("mikey decode --show-secrets" + member + iMessage))
        .containsPattern("key: GMK [0-9a-f]{8} of " + GROUP + ".*, [0-9a-f]{32}\n");
    assertThat(status()).as("nothing was accepted").contains("PENDING");

    byte[] octets = Files.readAllBytes(folder.resolve(iMessage));
    octets[octets.length - 100] ^= 1;
    Files.write(folder.resolve("forged"), octets);
    Run forged = run("mikey decode --kms-certificate kms.cert forged");
    assertThat(forged.exitCode()).isEqualTo(1);
    assertThat(forged.out()).contains("signature: NOT VALID");
  }

  private JsonNode json(String line) {
    return JsonMapper.shared().readTree(ok(line));
  }

  @Test
  void repeatsADatagramUntilTheReceiptComes() throws Exception {
    provision();
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> ue = CompletableFuture.runAsync(() -> answerTheSecond(socket));

      String out =
          ok(
              "manager distribute --vault fire.vault --key-file key --group %s --to %s=127.0.0.1:%d"
                  .formatted(GROUP, ALICE, socket.getLocalPort()));

      ue.get(10, TimeUnit.SECONDS);
      assertThat(out).contains(ALICE + " has the GMK (1 of 1)");
    }
    assertThat(status()).contains("CONFIRMED");
  }

  @Test
  void saysWhoDidNotAnswer() throws Exception {
    provision();
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Run run =
          run(
              "manager distribute --vault fire.vault --key-file key --group %s --wait 1 --to %s=127.0.0.1:%d"
                  .formatted(GROUP, ALICE, socket.getLocalPort()));

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).contains("no receipt from " + ALICE);
    }
  }

  @Test
  void issuesToEveryMemberAndARepeatedRunLeavesWhatIsThere() throws IOException {
    ok("kms init --vault kms.vault --key-file key --uri kms.example.org");
    Files.writeString(
        folder.resolve("all.yaml"),
        "members: [{identity: 'sip:a@x', may: [talk]}, {identity: 'sip:b@x', may: [listen]}]");
    String issue =
        "kms issue-all --vault kms.vault --key-file key --members all.yaml --device d --out keys"
            + " --transfer-key-file key";

    assertThat(ok(issue)).contains("issued sip:a@x", "issued sip:b@x");
    byte[] first = Files.readAllBytes(folder.resolve("keys/sip_a@x.keys"));
    assertThat(ok(issue)).contains("sip_a@x.keys exists already");

    assertThat(folder.resolve("keys/sip_a@x.keys")).hasBinaryContent(first);
    assertThat(folder.resolve("keys/sip_b@x.keys")).exists();
    assertThat(ok("vault list --vault keys/sip_b@x.keys --key-file key")).contains("sip:b@x");
    try (var files = Files.list(folder.resolve("keys"))) {
      assertThat(files.map(Path::toString)).noneMatch(file -> file.contains(".part"));
    }
  }

  @Test
  void excludesAMember() {
    provision();
    ok(
        "manager member --vault fire.vault --key-file key --group %s --add sip:bob@example.org"
            .formatted(GROUP));

    String out =
        ok(
            "manager member --vault fire.vault --key-file key --group %s --exclude %s"
                .formatted(GROUP, ALICE));

    assertThat(out).contains("sip:bob@example.org").doesNotContain("'" + ALICE + "'");
    assertThat(
            run("manager member --vault fire.vault --key-file key --group %s --exclude %s"
                    .formatted(GROUP, ALICE))
                .exitCode())
        .isEqualTo(2);
  }

  @Test
  void aWrongPassphraseIsOneSentence() {
    ok("vault create --vault v --passphrase-file pass");

    Run run = run("vault list --vault v --passphrase-file other");

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).startsWith("parley: ").doesNotContain("\tat ").doesNotContain("battery");
    assertThat(run.err().strip().lines()).hasSize(1);
  }

  @Test
  void withoutATerminalAPassphraseNeedsAFile() {
    Run run = run("vault create --vault v");

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).contains("no terminal");
    assertThat(folder.resolve("v")).doesNotExist();
  }

  @Test
  void rekeyChangesTheLock() {
    ok("vault create --vault v --passphrase-file pass");

    ok("vault rekey --vault v --passphrase-file pass --new-passphrase-file other");

    assertThat(run("vault list --vault v --passphrase-file pass").exitCode()).isEqualTo(5);
    ok("vault list --vault v --passphrase-file other");
  }

  @Test
  void neverOverwrites() {
    ok("kms init --vault kms.vault --key-file key --uri kms.example.org");
    ok("kms certificate --vault kms.vault --key-file key --out kms.cert");

    assertThat(run("kms init --vault kms.vault --key-file key --uri kms.example.org").exitCode())
        .isEqualTo(5);
    assertThat(run("kms certificate --vault kms.vault --key-file key --out kms.cert").exitCode())
        .isEqualTo(1);
    assertThat(run("vault create --vault kms.vault --key-file key").exitCode()).isEqualTo(5);
  }

  @Test
  void keysThatAreMissingAreSeven() {
    ok("vault create --vault v --key-file key");

    Run run = run("enrol --vault v --key-file key --identity " + ALICE);

    assertThat(run.exitCode()).isEqualTo(7);
    assertThat(run.err()).contains("enrol it at its KMS");
  }

  @Test
  void aFileThatIsMissingIsThree() {
    Run run =
        run("manager init --vault v --key-file key --group " + GROUP + " --members none.yaml");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("none.yaml does not exist");
  }

  private void provision() {
    ok("kms init --vault kms.vault --key-file key --uri kms.example.org");
    ok("kms certificate --vault kms.vault --key-file key --out kms.cert");
    for (String who : new String[] {"alice", "fire"}) {
      String identity = "sip:" + who + "@example.org";
      ok(
          "kms issue --vault kms.vault --key-file key --identity %s --device d1 --out %s.keys --transfer-key-file key"
              .formatted(identity, who));
      ok(
          "enrol --vault %s.vault --key-file key --identity %s --from %s.keys --transfer-key-file key --kms-certificate kms.cert"
              .formatted(who, identity, who));
    }
    enrol("--group " + GROUP);
    ok(
        "manager init --vault fire.vault --key-file key --group "
            + GROUP
            + " --members members.yaml");
  }

  /// Loses the first I_MESSAGE, answers the second.
  private void answerTheSecond(DatagramSocket socket) {
    try (Vault vault =
            Vault.open(folder.resolve("alice.vault"), VaultKey.keyFile(folder.resolve("key")));
        Member alice = Member.open(vault, new Identity(ALICE), InstantSource.system())) {
      var packet = new DatagramPacket(new byte[65_535], 65_535);
      socket.setSoTimeout(5000);
      socket.receive(packet);
      packet.setLength(65_535);
      socket.receive(packet);
      byte[] octets = Arrays.copyOf(packet.getData(), packet.getLength());
      if (alice.accept(octets) instanceof GmkAcceptance.Accepted accepted) {
        byte[] receipt = accepted.receipt();
        socket.send(new DatagramPacket(receipt, receipt.length, packet.getSocketAddress()));
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private String status() {
    return ok("manager status --vault fire.vault --key-file key --group " + GROUP);
  }

  private String enrol(String more) {
    return ok("enrol --vault alice.vault --key-file key --identity " + ALICE + " " + more);
  }

  private String ok(String line) {
    Run run = run(line);
    assertThat(run.exitCode()).as("%s%n%s", line, run.err()).isZero();
    return run.out();
  }

  /// Words that name a file of the test's folder are made absolute.
  private Run run(String line) {
    String[] args = line.split(" ");
    for (int i = 1; i < args.length; i++) {
      boolean isFile =
          args[i - 1].matches("--(vault|.*-file|out|from|kms-certificate|members|gmk)")
              || args[i].endsWith(".receipt")
              || (line.startsWith("mikey") && i == args.length - 1);
      args[i] = isFile ? folder.resolve(args[i]).toString() : args[i];
    }
    return Run.of((Object[]) args);
  }
}
