package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.system.Town.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.admin.AdminServer;
import parley.gateway.admin.AdminServices;
import parley.gateway.admin.AuditedControl;
import parley.gateway.admin.LiveAccess;
import parley.gateway.keying.GroupKeying;
import parley.gateway.lab.BothPaths;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.media.LegCounters;
import parley.keys.audit.AuditTrail;
import parley.mikey.identity.Identity;

/// One group far above its share costs the others of its loop nothing: their packets arrive, and
/// the admin interface answers, while the flood goes on.
@BothPaths
class FloodTest {
  private static final String FIRE = "sip:fire@example.org";
  private static final String WATER = "sip:water@example.org";
  private static final String POLICE = "sip:police@example.org";
  private static final int PACKETS = 40;
  private static final int SHARES = 10;

  @TempDir Path folder;
  private final String io;
  @RegisterExtension final Opened open = new Opened();
  private LiveGateway gateway;
  private InetSocketAddress fire;
  private InetSocketAddress police;
  private LabMember alice;
  private LabEar fireEar;
  private LabEar policeEar;
  private LabEar mouth;

  @SuppressWarnings("NullAway.Init")
  FloodTest(String io) {
    this.io = io;
  }

  @BeforeEach
  void setUp() throws Exception {
    Lab lab = open.add(new Lab(folder, Clock.systemUTC()));
    LabMember self = lab.member("sip:gpe1@example.org");
    alice = lab.member("sip:alice@example.org");
    lab.group(FIRE, self, alice);
    lab.group(POLICE, self, alice);
    fireEar = open.add(new LabEar());
    policeEar = open.add(new LabEar());
    mouth = open.add(new LabEar());
    fire = LiveGateway.free();
    police = LiveGateway.free();
    String relay = "{to: '%s'}".formatted(text(fireEar.address()));
    gateway =
        open.add(
            new LiveGateway(
                lab,
                self,
                io,
                """
                - {id: '%s', listen: [{unicast: '%s'}], relay: [%s]}
                - {id: '%s', listen: [{unicast: '%s'}]}
                - {id: '%s', listen: [{unicast: '%s'}], relay: [{to: '%s'}]}
                """
                    .formatted(
                        FIRE,
                        text(fire),
                        relay,
                        WATER,
                        text(LiveGateway.free()),
                        POLICE,
                        text(police),
                        text(policeEar.address()))));
  }

  private GroupKeying keying(String group) {
    return gateway.gateway().plane(new Identity(group)).keying();
  }

  private long heard(String group) {
    return gateway
        .gateway()
        .plane(new Identity(group))
        .media()
        .counters()
        .packets(LegCounters.Direction.IN);
  }

  @Test
  void theAdminInterfaceAndTheOtherGroupsOfItsLoopHaveTheirTurn() throws Exception {
    assertThat(keying(POLICE).loop()).as("two loops, in turn").isSameAs(keying(FIRE).loop());
    LabTalker flooder = alice.talker(FIRE);
    LabTalker talker = alice.talker(POLICE);
    mouth.send(flooder.announce(), fire);
    fireEar.hear();
    mouth.send(talker.announce(), police);
    policeEar.hear();

    AdminPages pages = open.add(new AdminPages(admin().local()));
    AtomicBoolean flows = new AtomicBoolean(true);
    Thread flood = Thread.ofPlatform().daemon().start(() -> flood(flooder, flows));
    try {
      Await.until("the flood is here", () -> heard(FIRE) > PACKETS);
      long before = heard(FIRE);
      for (int n = 1; n <= PACKETS || heard(FIRE) - before < (long) SHARES * n; n++) {
        byte[] packet = talker.packet(n);
        mouth.send(packet, police);
        assertThat(pages.page("/api/v1/groups").statusCode()).isEqualTo(200);
        assertThat(policeEar.hear()).isEqualTo(packet);
      }
    } finally {
      flows.set(false);
      flood.join();
    }
  }

  /// Authentic packets, then copies of them, and between them forged ones.
  private void flood(LabTalker flooder, AtomicBoolean flows) {
    byte[][] packets = new byte[256][];
    for (int i = 0; i < packets.length; i++) {
      packets[i] = flooder.packet(i);
    }
    byte[] forged = packets[0].clone();
    forged[forged.length - 1]++;
    try (LabEar from = new LabEar()) {
      for (int i = 0; flows.get(); i++) {
        from.send(packets[i % packets.length], fire);
        from.send(forged, fire);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private AdminServer admin() throws Exception {
    Clock clock = Clock.systemUTC();
    var control = new AuditedControl(gateway.control(), AuditTrail.none(), clock);
    return open.add(
        AdminServer.start(
            LiveAccess.open(gateway.gateway().config().admin(), clock),
            new AdminServices(gateway.gateway().status(), control, "test", clock)));
  }
}
