package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
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
  private LabManager manager;

  @BeforeEach
  void setUp() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    self = lab.member("sip:gpe1@example.org");
    alice = lab.member("sip:alice@example.org");
    bob = lab.member("sip:bob@example.org");
    lab.group(FIRE.uri(), self, alice, bob);
    fire = LiveGateway.free();
    mouth = open.add(new LabEar());
    manager = open.add(new LabManager(lab, FIRE, members("talk, listen"))).start();
  }

  private Map<Identity, String> members(String bobMay) {
    return Map.of(
        self.identity(), "listen, relay", alice.identity(), "talk, listen", bob.identity(), bobMay);
  }

  private LiveGateway gateway() throws Exception {
    return open.add(
        new LiveGateway(
            lab,
            self,
            """
            - id: '%s'
              listen: [{unicast: '127.0.0.1:%d'}]
              members-from: {url: '%s', ca: '%s', every: 2s}
            """
                .formatted(FIRE, fire.getPort(), manager.url(), manager.ca())));
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

    manager.change(members("listen"));
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
