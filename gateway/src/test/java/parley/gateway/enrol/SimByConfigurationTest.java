package parley.gateway.enrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.bsf.BsfRig;
import parley.gateway.cli.Run;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.gateway.manager.ManagerServer;
import parley.gateway.system.Await;
import parley.keys.FreePort;
import parley.keys.kms.message.GroupEntry;
import parley.keys.kms.registry.KnownBy;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// The SIM in `parley enrol`, in gateway.yaml and in manager.yaml.
class SimByConfigurationTest {
  private static final Identity FIRE = new Identity("sip:fire-ops@example.org");

  @TempDir Path folder;
  private SimRig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new SimRig(folder, InstantSource.system());
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private Run enrol(Object... more) {
    var words =
        new ArrayList<Object>(
            List.of(
                "enrol",
                "--vault",
                rig.file("alice.vault"),
                "--key-file",
                rig.file("key"),
                "--identity",
                SimRig.ALICE,
                "--kms",
                rig.url(),
                "--kms-uri",
                SimRig.KMS_URI,
                "--ca",
                rig.file("ca.pem"),
                "--naf",
                BsfRig.KMS));
    words.addAll(List.of(more));
    return Run.of(words.toArray());
  }

  private Object[] withCard() throws Exception {
    return new Object[] {
      "--sim",
      rig.card(),
      "--impi",
      BsfRig.ALICE,
      "--bsf",
      BsfRig.url(rig.bsf().ub()),
      "--bsf-name",
      BsfRig.BSF
    };
  }

  @Test
  void theCommandNeedsTheCardOnceAndOneBootstrap() throws Exception {
    Run first = enrol(withCard());
    assertThat(first.err()).isEmpty();
    assertThat(first.exitCode()).isZero();
    assertThat(first.out())
        .contains("holds the SIM's key: destroy it now", "installed sip:alice@example.org, period");
    Files.delete(rig.file("alice.card"));

    Run again = enrol("--sim");
    assertThat(again.err()).isEmpty();
    Run renewed = enrol("--sim", "--renew");
    assertThat(renewed.err()).isEmpty();

    assertThat(rig.done("bootstrap")).isEqualTo(1);
    try (Vault vault = rig.vault("alice.vault")) {
      assertThat(Member.holdsKeys(vault, SimRig.ALICE, Instant.now())).isTrue();
    }
  }

  @Test
  void theCommandSaysWhatIsMissing() throws Exception {
    assertThat(enrol("--sim", rig.card()).err()).contains("needs --impi and --bsf").hasLineCount(1);
    assertThat(enrol("--renew", "--listen-push", "udp:127.0.0.1:1").err())
        .contains("are for --sim alone");
    assertThat(enrol("--sim", "--ticket", "t").err()).contains("give one of --ticket");
    assertThat(rig.file("alice.vault")).doesNotExist();
    Run none = enrol("--sim");
    assertThat(none.err()).contains("there is no SIM in this vault").hasLineCount(1);
    assertThat(none.exitCode()).isEqualTo(7);
  }

  @Test
  void theCommandWaitsForAPush() throws Exception {
    Path pushes = Files.createDirectory(rig.file("pushes"));
    rig.restartKms("push: {folder: pushes}");
    var words = new ArrayList<>(List.of(withCard()));
    words.addAll(List.of("--listen-push", pushes, "--pushes", 1));
    CompletableFuture<Run> phone =
        CompletableFuture.supplyAsync(() -> enrol(words.toArray()), Thread::startVirtualThread);

    Run call =
        Run.of("kms", "push", "--config", rig.kmsYaml(), "--identity", "sip:alice@example.org");
    assertThat(call.err()).isEmpty();

    Run came = phone.get(60, TimeUnit.SECONDS);
    assertThat(came.err()).isEmpty();
    assertThat(came.out())
        .contains("waiting for pushes", "installed sip:alice@example.org, period");
    assertThat(rig.done("bootstrap")).isZero();
  }

  @Test
  void aClientCertificateByTheCommandLine() throws Exception {
    var holder = rig.rig().server("alice", "alice.example.org");
    boolean named =
        rig.kms()
            .registry()
            .users()
            .name(SimRig.ALICE, KnownBy.CERTIFICATE, "DNS:alice.example.org");
    assertThat(named).isTrue();
    Object[] words = {
      "enrol",
      "--vault",
      rig.file("alice.vault"),
      "--key-file",
      rig.file("key"),
      "--identity",
      SimRig.ALICE,
      "--kms",
      rig.url(),
      "--kms-uri",
      SimRig.KMS_URI,
      "--ca",
      rig.file("ca.pem"),
      "--certificate",
      holder.certificate(),
      "--key",
      holder.key()
    };

    Run wrapped = Run.of(words);
    assertThat(wrapped.err()).contains("not wrapped, which is not allowed here").hasLineCount(1);

    var clear = new ArrayList<>(List.of(words));
    clear.add("--clear-keys");
    Run run = Run.of(clear.toArray());
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("installed sip:alice@example.org, period");
  }

  private String sim(String more) throws Exception {
    return """
    {card: %s, impi: %s, bsf: "%s", bsf-name: bsf.example.org, naf: kms.example.org%s}\
    """
        .formatted(rig.card().getFileName(), BsfRig.ALICE, BsfRig.url(rig.bsf().ub()), more);
  }

  private Path gatewayYaml(String sim) throws Exception {
    return Files.writeString(
        rig.file("gateway.yaml"),
        """
        identity: %s
        vault: {file: gateway.vault, key-file: key}
        kms: {url: "%s", uri: kms.example.org, ca: ca.pem, sim: %s}
        mikey: {listen: "127.0.0.1:0"}
        media: {io: netty}
        groups: [{id: "%s", listen: [{unicast: "127.0.0.1:%d"}]}]
        """
            .formatted(SimRig.ALICE, rig.url(), sim, FIRE, FreePort.udp()));
  }

  @Test
  void aGatewayEnrolsByItsSimAndComesWhenItIsCalled() throws Exception {
    int port = FreePort.udp();
    rig.restartKms("push: {udp: {\"sip:alice@example.org\": \"127.0.0.1:%d\"}}".formatted(port));
    Path yaml = gatewayYaml(sim(", push: {udp: \"127.0.0.1:%d\"}".formatted(port)));
    rig.vault("gateway.vault").close();
    var config = ConfigFile.read(yaml);
    try (Vault own = rig.vault("gateway.vault");
        Gateway gateway = Gateway.start(config, own, GatewayServices.defaults())) {
      assertThat(gateway.member().signer(NtpTimestamp.of(Instant.now()))).isNotNull();
      long given = rig.kms().counters().keySets();

      var answer =
          SimRig.admin(rig.kms().adminLocal(), "POST", "/users/sip%3Aalice%40example.org/push");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      Await.until("keys after the push", () -> rig.kms().counters().keySets() > given);
    }
    assertThat(rig.done("bootstrap")).isEqualTo(1);
  }

  @Test
  void aManagerFetchesItsGroupsKeysByItsSim() throws Exception {
    int port = FreePort.udp();
    var groups = rig.kms().registry().groups();
    groups.put(new GroupEntry(FIRE, FIRE, "udp:127.0.0.1:" + port, SimRig.KMS_URI));
    groups.managers(FIRE, List.of(SimRig.ALICE));
    Files.writeString(
        rig.file("members.yaml"),
        "members:\n  - {identity: 'sip:bob@example.org', may: [talk, listen]}\n");
    rig.vault("manager.vault").close();
    Path yaml =
        Files.writeString(
            rig.file("manager.yaml"),
            """
            vault: {file: manager.vault, key-file: key}
            kms: {url: "%s", uri: kms.example.org, ca: ca.pem, identity: "%s", sim: %s}
            listen: "127.0.0.1:%d"
            groups: [{id: "%s", members: members.yaml, gmk: on-demand}]
            """
                .formatted(rig.url(), SimRig.ALICE, sim(""), port, FIRE));
    try (Vault own = rig.vault("manager.vault")) {
      ManagerServer.start(
              ConfigFile.readManager(yaml), own, "test", InstantSource.system(), BsfRig.RANDOM)
          .close();
      assertThat(Member.holdsKeys(own, FIRE, Instant.now())).isTrue();
    }
    assertThat(rig.done("bootstrap")).isEqualTo(1);
  }

  @Test
  void whatIsWrongInTheBlockIsNamed() throws Exception {
    rig.vault("gateway.vault").close();

    assertThatThrownBy(() -> ConfigFile.read(gatewayYaml("{card: c}")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("kms.sim")
        .hasMessageContaining("card file without its impi and bsf");
    assertThatThrownBy(() -> ConfigFile.read(gatewayYaml("{nav: kms.example.org}")))
        .hasMessageContaining("kms.sim.nav")
        .hasMessageContaining("naf");
    assertThatThrownBy(() -> ConfigFile.read(gatewayYaml("{}")))
        .hasMessageContaining("kms.sim.naf: is missing");
    assertThatThrownBy(() -> ConfigFile.read(gatewayYaml("{naf: kms.example.org, push: {}}")))
        .hasMessageContaining("kms.sim.push")
        .hasMessageContaining("needs udp or folder");
  }
}
