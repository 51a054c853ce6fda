package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.config.ConfigFile;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.manager.ManagerServer;
import parley.keys.http.LabAuthority;
import parley.mikey.group.Refusal;
import parley.mikey.identity.Identity;

/// A gateway whose list of members comes from the group's manager, signed: it follows changes, and
/// goes on without the manager, also over a restart.
class SignedMembersTest {
  private static final Identity FIRE = new Identity("sip:fire@example.org");

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private Lab lab;
  private LabMember self;
  private LabMember alice;
  private LabMember bob;
  private InetSocketAddress fire;
  private LabEar mouth;
  private ManagerServer manager;
  private int port;

  @BeforeEach
  void setUp() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    self = lab.member("sip:gpe1@example.org");
    alice = lab.member("sip:alice@example.org");
    bob = lab.member("sip:bob@example.org");
    lab.group(FIRE.uri(), self, alice, bob);
    fire = LiveGateway.free();
    mouth = open.add(new LabEar());
    Instant from = Instant.now().minus(Duration.ofHours(1));
    var authority = LabAuthority.create("lab", from, from.plus(Duration.ofDays(2)), lab.random());
    var _ = authority.write(folder.resolve("ca.pem"));
    var _ =
        authority.issue(
            folder,
            "server",
            List.of(LabAuthority.address(InetAddress.getLoopbackAddress())),
            from,
            from.plus(Duration.ofDays(2)));
    manager = manager();
    port = Objects.requireNonNull(manager.httpsLocal()).getPort();
  }

  private void members(String bobMay) throws Exception {
    Files.writeString(
        folder.resolve("members.yaml"),
        """
        members:
          - {identity: 'sip:gpe1@example.org', may: [listen, relay]}
          - {identity: 'sip:alice@example.org', may: [talk, listen]}
          - {identity: 'sip:bob@example.org', may: [%s]}
        """
            .formatted(bobMay));
  }

  private ManagerServer manager() throws Exception {
    members("talk, listen");
    return open.add(
        ManagerServer.start(
            ConfigFile.readManager(config()),
            lab.member(FIRE.uri()).vault(),
            "1.2.3",
            lab.clock(),
            new SecureRandom()));
  }

  private Path config() throws Exception {
    return Files.writeString(
        folder.resolve("manager.yaml"),
        """
        vault: {file: '%s', key-file: '%s'}
        listen: 127.0.0.1:0
        https: {listen: "127.0.0.1:0", certificate: server.pem, key: server-key.pem}
        groups: [{id: '%s', members: members.yaml, gmk: on-demand}]
        """
            .formatted(lab.vaultFile(FIRE.uri()), lab.keyFile(), FIRE));
  }

  private LiveGateway gateway() throws Exception {
    return open.add(
        new LiveGateway(
            lab,
            self,
            """
            - id: '%s'
              listen: [{unicast: '127.0.0.1:%d'}]
              members-from: {url: 'https://127.0.0.1:%d', ca: '%s', every: 2s}
            """
                .formatted(FIRE, fire.getPort(), port, folder.resolve("ca.pem"))));
  }

  private boolean isCarried(LiveGateway gateway, LabTalker talker) throws Exception {
    return gateway.bursts(FIRE.uri()).stream().anyMatch(burst -> burst.csbId() == talker.csbId());
  }

  private static long refused(LiveGateway gateway) {
    return gateway.gateway().plane(FIRE).keying().counters().refused(Refusal.NOT_PERMITTED);
  }

  /// Whether a burst that begins now is carried.
  private boolean isHeard(LiveGateway gateway, LabTalker talker) throws Exception {
    long before = refused(gateway);
    mouth.send(talker.announce(), fire);
    Await.until("judged", () -> refused(gateway) > before || isCarried(gateway, talker));
    return refused(gateway) == before;
  }

  private LabTalker talker(LabMember who) {
    return who.talker(FIRE.uri());
  }

  @Test
  void followsTheListAndGoesOnWithoutTheManager() throws Exception {
    LiveGateway gateway = gateway();
    LabTalker byBob = talker(bob);
    LabTalker byAlice = talker(alice);
    Await.until("the list has come", () -> isHeard(gateway, byBob));
    assertThat(isHeard(gateway, byAlice)).isTrue();

    members("listen");
    var _ = manager.reload(ConfigFile.readManager(folder.resolve("manager.yaml")));
    Await.until("bob's burst ends", () -> !isCarried(gateway, byBob));
    assertThat(isCarried(gateway, byAlice)).isTrue();
    assertThat(isHeard(gateway, talker(bob))).isFalse();

    gateway.close();
    manager.close();
    LiveGateway later = gateway();
    assertThat(isHeard(later, talker(alice))).as("by the list that is held").isTrue();
    assertThat(isHeard(later, talker(bob))).isFalse();
  }
}
