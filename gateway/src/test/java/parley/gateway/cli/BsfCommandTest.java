package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.bsf.BsfRig;
import parley.gateway.system.ParleyProcess;

/// An operator's hand on a BSF's subscribers, and on the SIM of a UE.
class BsfCommandTest {
  @TempDir Path folder;
  private BsfRig rig;
  private Path config;

  @BeforeEach
  void files() throws Exception {
    rig = new BsfRig(folder);
    config = rig.configure("");
  }

  private Run bsf(String verb, Object... more) {
    Object[] words = new Object[more.length + 4];
    words[0] = "bsf";
    words[1] = verb;
    words[2] = "--config";
    words[3] = config;
    System.arraycopy(more, 0, words, 4, more.length);
    return Run.of(words);
  }

  private static void good(Run run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void importsShowsAndRemoves() throws Exception {
    Path sims = rig.sims(List.of(BsfRig.ALICE, "bob@ims.example.org"));
    Run imported = bsf("import", sims);
    good(imported);
    assertThat(imported.out()).contains("2 subscribers", "shred -u " + sims);
    good(bsf("import", sims));

    Run shown = bsf("subscribers");
    assertThat(shown.out())
        .isEqualTo(
            "alice@ims.example.org  sip:alice@example.org\nbob@ims.example.org  sip:bob@example.org\n");
    assertThat(bsf("subscribers", "--json").out())
        .contains(
            "\"impi\" : \"bob@ims.example.org\"", "\"identities\" : [ \"sip:bob@example.org\"")
        .doesNotContain(BsfRig.K);

    good(bsf("remove", "--impi", BsfRig.ALICE));
    assertThat(bsf("subscribers").out()).isEqualTo("bob@ims.example.org  sip:bob@example.org\n");
    Run again = bsf("remove", "--impi", BsfRig.ALICE);
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("is no subscriber");
  }

  @Test
  void storesNothingOfAFileWithAMistake() throws Exception {
    Path sims = rig.sims(List.of(BsfRig.ALICE, "bob@ims.example.org"));
    String good = Files.readString(sims);
    Files.writeString(sims, good + "carol@ims.example.org," + BsfRig.K + ",short,\n");
    Run run = bsf("import", sims);
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err())
        .contains(sims + ", line 4: OPc has 5 characters", "nothing was stored")
        .doesNotContain(BsfRig.K, "\tat ");
    assertThat(bsf("subscribers").out()).isEmpty();

    Files.writeString(sims, good);
    good(bsf("import", sims));
    Path other = rig.file("other.csv");
    Files.writeString(other, good.replace("alice", "carol").replace(BsfRig.OPC, BsfRig.K));
    Run clash = bsf("import", other);
    assertThat(clash.exitCode()).isEqualTo(4);
    assertThat(clash.err()).contains("line 3: this subscriber is there already with another key");
    assertThat(bsf("subscribers").out()).doesNotContain("carol");
  }

  /// Beside a server that has everything open, and a SIM from its card to a bootstrap.
  @Test
  void aSimBootstrapsAtARunningServer() throws Exception {
    Path card = card("K: %s\nOPc: %s\n".formatted(BsfRig.K, BsfRig.OPC), "rw-------");
    try (var server =
        new ParleyProcess(List.of(), "bsf", "run", "--config", config, "--log=plain")) {
      String ready = server.awaitSaying("BSF ready");
      String ub = ready.replaceFirst(".*ub=\\S*?:(\\d+).*", "$1");
      good(bsf("import", rig.file("sims.csv")));
      Run loaded = load(card, "https://127.0.0.1:" + ub);
      good(loaded);
      assertThat(loaded.out()).contains("is in", "shred -u " + card);

      assertThat(sim("show").out())
          .contains(BsfRig.ALICE, "https://127.0.0.1:" + ub, "bsf.example.org")
          .doesNotContain(BsfRig.K);
      assertThat(sim("show", "--json").out()).contains("\"bsfName\" : \"bsf.example.org\"");
      Run bootstrapped = sim("bootstrap", "--ca", rig.file("ca.pem"));
      good(bootstrapped);
      assertThat(bootstrapped.out()).contains("@bsf.example.org\nuntil");

      good(bsf("remove", "--impi", BsfRig.ALICE));
      Run refused = sim("bootstrap", "--ca", rig.file("ca.pem"));
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.err()).contains("does not know the key of this SIM");
      good(sim("remove"));
      assertThat(sim("show").exitCode()).isEqualTo(7);
      server.signal("HUP");
      server.awaitSaying("certificates read again");
      server.signal("TERM");
      assertThat(server.awaitEnd()).isZero();
    }
    Run audit = Run.of("audit", "verify", rig.file("bsf.audit"));
    good(audit);
    assertThat(Files.readString(rig.file("bsf.audit"))).doesNotContain(BsfRig.K, BsfRig.OPC);
  }

  private Path card(String text, String mode) throws IOException {
    Path card = Files.writeString(rig.file("alice.card"), text);
    return Files.setPosixFilePermissions(card, PosixFilePermissions.fromString(mode));
  }

  private Run load(Path card, String url) {
    return sim(
        "load",
        "--impi",
        BsfRig.ALICE,
        "--bsf",
        url,
        "--bsf-name",
        "bsf.example.org",
        "--card",
        card);
  }

  private Run sim(String verb, Object... more) {
    Object[] words = new Object[more.length + 6];
    words[0] = "sim";
    words[1] = verb;
    words[2] = "--vault";
    words[3] = rig.file("alice.vault");
    words[4] = "--key-file";
    words[5] = rig.file("key");
    System.arraycopy(more, 0, words, 6, more.length);
    return Run.of(words);
  }

  @Test
  void refusesACardThatLiesOpenOrIsNone() throws Exception {
    Run open = load(card("K: " + BsfRig.K, "rw-r--r--"), "https://bsf.example.org");
    assertThat(open.exitCode()).isEqualTo(7);
    assertThat(open.err()).contains("chmod 600").doesNotContain(BsfRig.K);
    Run half = load(card("K: " + BsfRig.K, "rw-------"), "https://bsf.example.org");
    assertThat(half.exitCode()).isEqualTo(7);
    assertThat(half.err()).contains("it needs K and one of OPc and OP");
    assertThat(rig.file("alice.vault")).doesNotExist();
    Path good = card("K: %s\nOPc: %s\n".formatted(BsfRig.K, BsfRig.OPC), "rw-------");
    assertThat(load(good, "http://bsf.example.org").exitCode()).isEqualTo(2);
    assertThat(load(rig.file("none"), "https://bsf.example.org").exitCode()).isEqualTo(3);
  }

  @Test
  void checksAConfigurationAndStartsNothing() throws Exception {
    Run good = Run.of("bsf", "run", "--check", config);
    good(good);
    assertThat(good.out()).contains("is good: BSF bsf.example.org");
    Files.copy(
        rig.file("kms-key.pem"), rig.file("bsf-key.pem"), StandardCopyOption.REPLACE_EXISTING);
    Run wrong = Run.of("bsf", "run", "--check", config);
    assertThat(wrong.exitCode()).isEqualTo(4);
    assertThat(wrong.err()).contains("ub.key: ");
    assertThat(Run.of("bsf", "run").exitCode()).isEqualTo(2);
    assertThat(rig.file("bsf.db")).doesNotExist();
  }
}
