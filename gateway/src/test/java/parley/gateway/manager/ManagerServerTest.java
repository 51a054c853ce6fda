package parley.gateway.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.cli.Run;
import parley.gateway.config.ConfigFile;
import parley.gateway.system.Await;
import parley.keys.FreePort;
import parley.keys.manager.RegistrationRefusal;
import parley.keys.manager.WrongSetting;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A manager in this process, and UEs that register with it.
class ManagerServerTest {
  @TempDir Path folder;
  private UeSwarm swarm;
  private Vault vault;
  private ManagerServer server;
  private Path config;

  @BeforeEach
  void start() throws Exception {
    swarm = new UeSwarm(folder, 4);
    config = swarm.config(FreePort.udp());
    begin();
  }

  private void begin() throws Exception {
    vault = Vault.open(folder.resolve("manager.vault"), VaultKey.keyFile(folder.resolve("key")));
    server =
        ManagerServer.start(
            ConfigFile.readManager(config),
            vault,
            "1.2.3",
            InstantSource.system(),
            new SecureRandom());
  }

  @AfterEach
  void end() throws Exception {
    stop();
    swarm.close();
  }

  private void stop() {
    server.close();
    vault.close();
  }

  private JsonNode status() {
    return JsonMapper.shared().readTree(manager("status").out());
  }

  private Run manager(String verb) {
    Run run =
        Run.of(
            "manager",
            verb,
            "--vault",
            folder.resolve("manager.vault"),
            "--key-file",
            folder.resolve("key"),
            "--group",
            UeSwarm.GROUP,
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private void awaitAccepted(int times) throws Exception {
    Await.until(
        "every UE has accepted " + times,
        () -> swarm.ues().stream().allMatch(ue -> swarm.accepted(ue).size() == times));
  }

  @Test
  void deliversToWhoRegistersAndTheBoardSaysWhoHasIt() throws Exception {
    Identity first = swarm.ues().getFirst();
    swarm.register(first, server.local());
    Await.until("one has it", () -> swarm.accepted(first).size() == 1);
    Await.until("the board knows", () -> states().contains("confirmed"));
    assertThat(states()).containsExactlyInAnyOrder("confirmed", "pending", "pending", "pending");
    swarm.register(server.local());
    awaitAccepted(1);
    Await.until("all confirmed", () -> !states().contains("pending"));
  }

  private List<String> states() {
    return status()
        .get("gmks")
        .get(0)
        .get("deliveries")
        .valueStream()
        .map(line -> line.get("state").asString())
        .toList();
  }

  @Test
  void rekeysOnDemandWhileItRuns() throws Exception {
    swarm.register(server.local());
    awaitAccepted(1);
    manager("rekey");
    awaitAccepted(2);
    assertThat(status().get("gmks").size()).isEqualTo(2);
  }

  @Test
  void excludesWhoIsNoLongerInTheMembersFile() throws Exception {
    swarm.register(server.local());
    awaitAccepted(1);
    List<Identity> ues = swarm.ues();
    Identity out = ues.getLast();
    swarm.writeMembers(ues.subList(0, 3));
    server.reload(ConfigFile.readManager(config));
    Await.until(
        "the others have the new one",
        () -> ues.subList(0, 3).stream().allMatch(ue -> swarm.accepted(ue).size() == 2));
    assertThat(swarm.accepted(out)).hasSize(1);
    assertThat(swarm.currentGmk(out)).isNotEqualTo(swarm.currentGmk(ues.getFirst()));
  }

  @Test
  void aWrongMembersFileChangesNothing() throws Exception {
    swarm.register(server.local());
    awaitAccepted(1);
    Files.writeString(
        folder.resolve("members.yaml"), "members: [{identity: 'sip:x@y', may: [fly]}]");
    assertThatThrownBy(() -> server.reload(ConfigFile.readManager(config)))
        .isInstanceOf(WrongSetting.class)
        .hasMessageContaining("members[0].may[0]");
    assertThat(status().get("gmks").size()).isEqualTo(1);
  }

  @Test
  void aRestartKnowsWhereEverybodyIs() throws Exception {
    swarm.register(server.local());
    awaitAccepted(1);
    Await.until("all confirmed", () -> !states().contains("pending"));
    stop();
    begin();
    manager("rekey");
    awaitAccepted(2);
  }

  @Test
  void answersNoStranger() throws Exception {
    try (var stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      for (int type = 0; type < 256; type++) {
        byte[] junk = new byte[300];
        junk[0] = 1;
        junk[1] = (byte) type;
        stranger.send(new DatagramPacket(junk, junk.length, server.local()));
      }
      Await.until("all of it was counted", () -> server.counters().strays() >= 254);
      Await.until(
          "the registration among it, too",
          () -> server.counters().refused(RegistrationRefusal.MALFORMED) == 1);
      stranger.setSoTimeout(200);
      assertThatThrownBy(() -> stranger.receive(new DatagramPacket(new byte[9], 9)))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void dissolvesByCommand() throws Exception {
    swarm.register(server.local());
    awaitAccepted(1);
    manager("dissolve");
    Await.until(
        "nobody can speak any more",
        () ->
            swarm.ues().stream()
                .allMatch(ue -> swarm.member(ue).sendingGmk(UeSwarm.GROUP).isEmpty()));
    assertThat(status().get("dissolved").asBoolean()).isTrue();
  }
}
