package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.admin.GroupStatus;
import parley.gateway.admin.ManagerContact;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.keys.http.LabAuthority;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;

/// A gateway that fetches its GMKs from the group's manager over HTTPS.
class AskedManagerTest {
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity BOB = new Identity("sip:bob@example.org");

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private Lab lab;
  private LabMember self;
  private LabManager manager;
  private InetSocketAddress fire;

  @BeforeEach
  void setUp() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    self = lab.member("sip:gpe1@example.org");
    fire = LiveGateway.free();
    manager = open.add(new LabManager(lab, FIRE, Map.of(me(), "listen, relay", BOB, "listen")));
  }

  private Identity me() {
    return self.identity();
  }

  private LiveGateway gateway(String asked) throws Exception {
    return open.add(new LiveGateway(lab, self, groups(asked)));
  }

  private String groups(String asked) {
    return "- {id: '%s', listen: [{unicast: '127.0.0.1:%d'}], %s}"
        .formatted(FIRE, fire.getPort(), asked);
  }

  private String pull(String more) {
    return "manager: {url: '%s', ca: '%s', %s}".formatted(manager.url(), manager.ca(), more);
  }

  private static Optional<Integer> gmk(LiveGateway gateway) {
    return gateway.gateway().member().sendingGmk(FIRE).map(GroupMasterKey::gmkId);
  }

  private static ManagerContact contact(LiveGateway gateway, String what) {
    GroupStatus group = gateway.gateway().status().groups().getFirst();
    return group.manager().stream()
        .filter(one -> one.what().equals(what))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void fetchesItsGmksAndHandsInTheReceipts() throws Exception {
    manager.start();
    LiveGateway gateway = gateway(pull("every: 2s"));
    Await.until("the GMK has come", () -> gmk(gateway).isPresent());
    Await.until("confirmed", () -> manager.confirmed(me()) == 1);
    Optional<Integer> first = gmk(gateway);

    manager.change(Map.of(me(), "listen, relay"));
    Await.until("the next one has come", () -> !gmk(gateway).equals(first));
    Await.until("confirmed as well", () -> manager.confirmed(me()) == 2);
    assertThat(gateway.gateway().gmkCounters().accepted()).isEqualTo(2);
    assertThat(contact(gateway, ManagerContact.GMK).failed()).isZero();
    assertThat(manager.server().counters().registrations()).as("nobody can send to it").isZero();
  }

  /// One question in an hour brings the first; the second comes by itself.
  @Test
  void registersWhereItIsHeardAndIsSentTheNextAtOnce() throws Exception {
    manager.start();
    LiveGateway gateway = gateway("grace: 1s");
    int mikey = gateway.gateway().mikeyAddress().getPort();
    var _ = gateway.reload(groups(pull("every: 1h, heard-at: '127.0.0.1:%d'".formatted(mikey))));
    Await.until("registered", () -> manager.server().counters().registrations() == 1);
    Optional<Integer> first = gmk(gateway);
    assertThat(first).isPresent();

    manager.change(Map.of(me(), "listen, relay"));
    Await.until("the next one has come", () -> !gmk(gateway).equals(first));
    Await.until("confirmed", () -> manager.confirmed(me()) == 2);
    assertThat(contact(gateway, ManagerContact.GMK).answered()).isEqualTo(1);
  }

  /// Members and GMK of one server are asked for by one conversation: no T is late.
  @Test
  void asksOneServerForBothInTurn() throws Exception {
    manager.start();
    LiveGateway gateway =
        gateway(
            pull("every: 2s")
                + ", members-from: {url: '%s', ca: '%s', every: 2s}"
                    .formatted(manager.url(), manager.ca()));
    Await.until(
        "both, and again",
        () -> {
          boolean gmk = contact(gateway, ManagerContact.GMK).answered() >= 2;
          return gmk && contact(gateway, ManagerContact.MEMBERS).answered() >= 2;
        });
    assertThat(contact(gateway, ManagerContact.GMK).failed()).isZero();
    assertThat(contact(gateway, ManagerContact.MEMBERS).failed()).isZero();
    assertThat(contact(gateway, ManagerContact.MEMBERS).heldUntil()).isAfter(lab.clock().instant());
  }

  /// It may come later, and so may the right authority.
  @Test
  void goesOnAskingWhoeverIsAwayOrNotBelieved() throws Exception {
    Path right = folder.resolve("right.pem");
    Files.move(manager.ca(), right);
    Instant now = lab.clock().instant();
    var _ =
        LabAuthority.create("another", now, now.plus(Duration.ofDays(1)), lab.random())
            .write(manager.ca());
    LiveGateway gateway = gateway(pull("every: 2s"));
    Await.until("nobody is there", () -> contact(gateway, ManagerContact.GMK).failed() >= 1);
    manager.start();
    long failed = contact(gateway, ManagerContact.GMK).failed();
    Await.until(
        "somebody else's certificate",
        () -> contact(gateway, ManagerContact.GMK).failed() > failed + 1);
    assertThat(gmk(gateway)).isEmpty();

    Files.move(right, manager.ca(), StandardCopyOption.REPLACE_EXISTING);
    Await.until("the GMK has come", () -> gmk(gateway).isPresent());
  }

  @Test
  void aReloadBeginsAndEndsIt() throws Exception {
    manager.start();
    LiveGateway gateway = gateway("grace: 1s");
    assertThat(gateway.gateway().status().groups().getFirst().manager()).isEmpty();

    assertThat(gateway.reload(groups(pull("every: 2s"))).changed()).hasSize(1);
    Await.until("the GMK has come", () -> gmk(gateway).isPresent());

    assertThat(gateway.reload(groups("grace: 1s")).changed()).hasSize(1);
    assertThat(gateway.gateway().status().groups().getFirst().manager()).isEmpty();
  }
}
