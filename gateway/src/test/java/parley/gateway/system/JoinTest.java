package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.gateway.system.Town.text;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.GroupView.ReceiverView;
import parley.gateway.keying.JoinCounters;
import parley.gateway.lab.BothPaths;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabReceiver;
import parley.gateway.lab.LabTalker;
import parley.gateway.media.FirstMedia;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.NettyTransport;
import parley.gateway.ue.Ear;
import parley.gateway.ue.HeardBurst;
import parley.gateway.ue.Listener;
import parley.gateway.ue.ListenerSettings;
import parley.mikey.group.JoinOutcome;
import parley.mikey.group.JoinRefusal;
import parley.mikey.group.JoinVerb;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngines;

/// Terminals that join a running gateway in mid-burst, hear, and leave; and those that pretend.
@BothPaths
class JoinTest {
  private static final String FIRE = "sip:fire@example.org";
  private static final String POLICE = "sip:police@example.org";

  @TempDir Path folder;
  private final String io;
  @RegisterExtension final Opened open = new Opened();
  private final Identity fireGroup = new Identity(FIRE);
  private Lab lab;
  private LabMember alice;
  private LabMember bob;
  private LabMember carol;
  private LabMember eve;
  private InetSocketAddress fire;
  private LabEar ear;
  private LabEar mouth;
  private LiveGateway gateway;
  private MediaTransport transport;

  @SuppressWarnings("NullAway.Init")
  JoinTest(String io) {
    this.io = io;
  }

  @BeforeEach
  void setUp() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    LabMember self = lab.member("sip:gpe1@example.org");
    alice = lab.member("sip:alice@example.org");
    bob = lab.member("sip:bob@example.org");
    carol = lab.member("sip:carol@example.org");
    eve = lab.member("sip:eve@example.org");
    lab.group(FIRE, self, alice, bob, carol);
    ear = open.add(new LabEar());
    mouth = open.add(new LabEar());
    fire = LiveGateway.free();
    transport = open.add(NettyTransport.select(io, 1));
    gateway = open.add(new LiveGateway(lab, self, io, groups("{}")));
  }

  /// Fire, and under it whatever a reload changes in police.
  private String groups(String police) throws Exception {
    Path list =
        Files.writeString(
            folder.resolve("fire.yaml"),
            """
            members:
              - {identity: 'sip:alice@example.org', may: [talk]}
              - {identity: 'sip:bob@example.org', may: [listen]}
              - {identity: 'sip:carol@example.org', may: [listen]}
              - {identity: 'sip:eve@example.org', may: [listen]}
            """);
    return """
    - {id: '%s', listen: [{unicast: '%s'}], relay: [{to: '%s'}], members: '%s', receivers: {max: 9}}
    - {id: '%s', listen: [{unicast: '%s'}], receivers: %s}
    """
        .formatted(
            FIRE, text(fire), text(ear.address()), list, POLICE, text(LiveGateway.free()), police);
  }

  /// A terminal that hears by joining.
  private final class Terminal implements Ear {
    final BlockingQueue<HeardBurst> begun = new LinkedBlockingQueue<>();
    final BlockingQueue<HeardBurst> over = new LinkedBlockingQueue<>();
    final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    final Listener listener;

    Terminal(LabMember who) throws Exception {
      Leg leg = Leg.unicast(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listener =
          Listener.open(
              who.member(),
              new ListenerSettings(fireGroup, List.of(leg), MediaPolicy.ALL, null).joining(fire),
              transport,
              CipherEngines.jce(),
              lab.clock(),
              lab.random(),
              this);
    }

    @Override
    public void begins(HeardBurst burst) {
      begun.add(burst);
    }

    @Override
    public void relay(String sentence) {
      said.add(sentence);
    }

    @Override
    public void ended(HeardBurst burst) {
      over.add(burst);
    }
  }

  private JoinCounters joins() {
    return gateway.gateway().plane(fireGroup).keying().counters().joins();
  }

  private List<String> receivers(String by) throws Exception {
    return gateway.view(FIRE).receivers().stream()
        .filter(one -> one.by().equals(by))
        .map(ReceiverView::address)
        .toList();
  }

  @Test
  void twoTerminalsJoinInMidBurstHearAndLeave() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    mouth.send(talker.announce(), fire);
    ear.hear();
    mouth.send(talker.packet(1), fire);
    ear.hear();

    Terminal one = new Terminal(bob);
    Terminal two = new Terminal(carol);
    for (Terminal terminal : List.of(one, two)) {
      assertThat(terminal.said.poll(20, TimeUnit.SECONDS))
          .isEqualTo("joined %s at %s".formatted(FIRE, text(fire)));
      assertThat(terminal.begun.poll(20, TimeUnit.SECONDS)).isNotNull();
    }
    assertThat(gateway.view(FIRE).receivers())
        .extracting(ReceiverView::by)
        .containsExactly("configuration", "joined", "joined");
    gateway.reload(groups("{max: 5}"));
    int sent = 1;
    while (sent < 20) {
      mouth.send(talker.packet(++sent), fire);
    }
    ear.hear(19);
    FirstMedia firstMedia = gateway.gateway().plane(fireGroup).media().counters().firstMedia();
    Await.until("both delays are noted", () -> firstMedia.count() == 2);
    one.listener.close();
    two.listener.close();
    for (Terminal terminal : List.of(one, two)) {
      HeardBurst heard = terminal.over.poll(20, TimeUnit.SECONDS);
      assertThat(heard).isNotNull();
      assertThat(heard.speech().packets()).isEqualTo(19);
    }
    assertThat(joins().done(JoinVerb.LEAVE)).isEqualTo(2);
    assertThat(receivers("joined")).isEmpty();
  }

  @Test
  void aReloadOfTheGroupItselfKeepsWhoJoinedAndWhoWasAdded() throws Exception {
    LabEar added = open.add(new LabEar());
    gateway.control().addReceiver(fireGroup, added.address());
    LabReceiver joined = open.add(new LabReceiver(bob, FIRE));
    assertThat(joined.join(fire)).isEqualTo(JoinOutcome.DONE);
    gateway.reload(groups("{}").replace("receivers: {max: 9}", "max-talkers: 3, receivers: {}"));
    LabTalker talker = alice.talker(FIRE);
    byte[] announcement = talker.announce();
    mouth.send(announcement, fire);
    assertThat(ear.hear()).isEqualTo(announcement);
    assertThat(added.hear()).isEqualTo(announcement);
    assertThat(joined.ear().hear()).isEqualTo(announcement);

    gateway.reload(groups("{}").replace(", receivers: {max: 9}", ""));
    assertThat(receivers("joined")).isEmpty();
    assertThat(receivers("control")).containsExactly(text(added.address()));
  }

  @Test
  void forgedJoinsDoNothing() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    mouth.send(talker.announce(), fire);
    ear.hear();
    LabReceiver good = open.add(new LabReceiver(bob, FIRE));
    byte[] join = good.seal(JoinVerb.JOIN);
    int forged = 0;
    for (int bit = 0; bit < join.length * Byte.SIZE; bit += 5) {
      if (bit / Byte.SIZE < join.length - 129) {
        byte[] bad = join.clone();
        bad[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        mouth.send(bad, fire);
        forged++;
        if (forged % 50 == 0) {
          mouth.send(talker.packet(forged / 50), fire);
          ear.hear();
        }
      }
    }
    LabReceiver outsider = open.add(new LabReceiver(eve, lab.group("sip:hers@example.org", eve)));
    outsider.ear().send(outsider.seal(JoinVerb.JOIN), fire);
    LabReceiver talksOnly = open.add(new LabReceiver(alice, FIRE));
    assertThat(talksOnly.join(fire)).isEqualTo(JoinOutcome.NOT_PERMITTED);
    assertThat(mouth.drain()).as("no answer").isEmpty();
    assertThat(outsider.ear().drain()).as("no answer").isEmpty();
    assertThat(joins().joined()).isZero();
    assertThat(joins().refused(JoinRefusal.WRONG_GROUP)).isPositive();
    assertThat(receivers("joined")).isEmpty();
    assertThat(good.join(fire)).isEqualTo(JoinOutcome.DONE);
  }

  @Test
  void theOperatorAddsAndRemovesReceiversOfOneGroup() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    mouth.send(talker.announce(), fire);
    byte[] announcement = ear.hear();
    LabEar added = open.add(new LabEar());
    gateway.control().addReceiver(fireGroup, added.address());
    assertThat(added.hear()).as("what runs, at once").isEqualTo(announcement);
    gateway.control().addReceiver(fireGroup, added.address());
    byte[] packet = talker.packet(1);
    mouth.send(packet, fire);
    assertThat(added.hear()).isEqualTo(packet);
    assertThat(receivers("control")).containsExactly(text(added.address()));
    assertThat(receivers("configuration")).containsExactly(text(ear.address()));
    assertRefused(ControlRefused.Kind.CONFLICT, ear.address(), true);
    assertRefused(ControlRefused.Kind.CONFLICT, fire, true);

    gateway.control().removeReceiver(fireGroup, added.address());
    assertThat(receivers("control")).isEmpty();
    assertRefused(ControlRefused.Kind.UNKNOWN, added.address(), false);
    assertRefused(ControlRefused.Kind.CONFLICT, ear.address(), false);
    ear.hear();
    mouth.send(talker.packet(2), fire);
    ear.hear();
    assertThat(added.drain()).isEmpty();
  }

  private void assertRefused(ControlRefused.Kind kind, InetSocketAddress address, boolean isAdded) {
    assertThatThrownBy(
            () -> {
              if (isAdded) {
                gateway.control().addReceiver(fireGroup, address);
              } else {
                gateway.control().removeReceiver(fireGroup, address);
              }
            })
        .isInstanceOfSatisfying(ControlRefused.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
