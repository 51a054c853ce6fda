package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.gateway.system.Town.text;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.DrainStatus;
import parley.gateway.admin.DrainStatus.State;
import parley.gateway.admin.GroupView.BurstView;
import parley.gateway.keying.KeyingCounters;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.mikey.group.Refusal;
import parley.mikey.identity.Identity;

/// A gateway is emptied without cutting anybody off before the deadline, and comes back.
class DrainTest {
  private static final String FIRE = "sip:fire@example.org";
  private static final String POLICE = "sip:police@example.org";
  private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private Lab lab;
  private LabMember low;
  private LabMember high;
  private LabMember alice;
  private LabMember bob;
  private LabEar mouth;
  private final Map<LabTalker, Long> nextRepeat = new HashMap<>();

  @BeforeEach
  void setUp() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    low = lab.member("sip:gpe1@example.org");
    high = lab.member("sip:gpe2@example.org");
    alice = lab.member("sip:alice@example.org");
    bob = lab.member("sip:bob@example.org");
    lab.group(FIRE, low, high, alice, bob);
    mouth = open.add(new LabEar());
  }

  private static String fireOn(InetSocketAddress listen, LabEar ear) {
    return "- {id: '%s', listen: [{unicast: '%s'}], relay: [{to: '%s'}]}\n"
        .formatted(FIRE, text(listen), text(ear.address()));
  }

  private static KeyingCounters counters(LiveGateway gateway) {
    return gateway.gateway().plane(new Identity(FIRE)).keying().counters();
  }

  @Test
  void whatRunsGoesOnNothingNewIsTakenAndResumeLetsItIn() throws Exception {
    InetSocketAddress fire = LiveGateway.free();
    LabEar ear = open.add(new LabEar());
    LiveGateway gateway = open.add(new LiveGateway(lab, low, fireOn(fire, ear)));
    LabTalker running = alice.talker(FIRE);
    LabTalker refused = bob.talker(FIRE);
    try (Traffic traffic = new Traffic(running, fire, ear)) {
      traffic.flow(20);
      Instant before = Instant.now();
      DrainStatus draining = gateway.control().drain(LONG);
      assertThat(draining.state()).isEqualTo(State.DRAINING);
      assertThat(draining.bursts()).isEqualTo(1);
      assertThat(draining.deadline()).isAfterOrEqualTo(before.plus(LONG));
      assertThat(gateway.gateway().status().readiness().missing())
          .containsExactly("the gateway is draining until " + draining.deadline());

      mouth.send(refused.announce(), fire);
      Await.until(
          "the new burst is refused", () -> counters(gateway).refused(Refusal.DRAINING) == 1);
      long repeats = counters(gateway).repeats();
      Await.until("repeats go on", () -> counters(gateway).repeats() > repeats);
      traffic.flow(50);

      DrainStatus resumed = gateway.control().resume();
      assertThat(resumed.state()).isEqualTo(State.RUNNING);
      assertThat(resumed.deadline()).isNull();
      assertThat(gateway.gateway().status().readiness().isReady()).isTrue();
      int sent = traffic.stop();
      assertThat(gateway.bursts(FIRE))
          .singleElement()
          .satisfies(b -> assertThat(b.packets()).isEqualTo(sent));
    }
    mouth.send(refused.announce(), fire);
    gateway.awaitBurst(FIRE, refused.csbId());
  }

  @Test
  void theDeadlineEndsEveryBurstAndResumeBringsThemBackWithTheirNextRepeat() throws Exception {
    InetSocketAddress fire = LiveGateway.free();
    LabEar ear = open.add(new LabEar());
    LiveGateway gateway = open.add(new LiveGateway(lab, low, fireOn(fire, ear)));
    LabTalker talker = alice.talker(FIRE);
    mouth.send(talker.announce(), fire);
    gateway.awaitBurst(FIRE, talker.csbId());
    gateway.control().drain(LONG);
    gateway.control().drain(Duration.ZERO);
    Await.until("nothing runs", () -> gateway.control().drainStatus().state() == State.DRAINED);
    assertThat(gateway.control().drainStatus().bursts()).isZero();
    assertThat(gateway.bursts(FIRE)).isEmpty();
    assertThat(gateway.gateway().status().readiness().missing())
        .singleElement()
        .asString()
        .startsWith("the gateway is drained since ");
    mouth.send(talker.announce(), fire);
    Await.until("still nothing is taken", () -> counters(gateway).refused(Refusal.DRAINING) == 1);

    gateway.control().resume();
    mouth.send(talker.announce(), fire);
    gateway.awaitBurst(FIRE, talker.csbId());
    assertThat(gateway.gateway().operations().drains()).isEqualTo(2);
    assertThat(gateway.gateway().operations().resumes()).isEqualTo(1);
  }

  @Test
  void anIdleGatewayIsDrainedAtOnceAndADeadlineInThePastIsRefused() throws Exception {
    LiveGateway gateway =
        open.add(new LiveGateway(lab, low, fireOn(LiveGateway.free(), open.add(new LabEar()))));
    assertThat(gateway.control().drainStatus().state()).isEqualTo(State.RUNNING);
    assertThatThrownBy(() -> gateway.control().drain(Duration.ofSeconds(-1)))
        .isInstanceOfSatisfying(
            ControlRefused.class, e -> assertThat(e.kind()).isEqualTo(ControlRefused.Kind.INVALID));
    assertThat(gateway.control().drainStatus().state()).isEqualTo(State.RUNNING);
    assertThat(gateway.control().drain(LONG).state()).isEqualTo(State.DRAINED);
  }

  /// Both bridge fire into police, each tells the other what it says there; the lower URI carries
  /// until it is drained.
  @Test
  void anotherGatewayCarriesInItsPlaceAndGivesTheBridgeBack() throws Exception {
    lab.group(POLICE, low, high, bob);
    Path list =
        Files.writeString(
            folder.resolve("police.yaml"),
            "members:\n  - {identity: '%s', may: [relay]}\n  - {identity: '%s', may: [relay]}\n"
                .formatted(low.identity(), high.identity()));
    InetSocketAddress lowFire = LiveGateway.free();
    InetSocketAddress highFire = LiveGateway.free();
    InetSocketAddress lowPolice = LiveGateway.free();
    InetSocketAddress highPolice = LiveGateway.free();
    LiveGateway first =
        open.add(new LiveGateway(lab, low, pair(lowFire, lowPolice, highPolice, list)));
    LiveGateway second =
        open.add(new LiveGateway(lab, high, pair(highFire, highPolice, lowPolice, list)));
    LabTalker before = alice.talker(FIRE);
    say(before, lowFire, highFire);
    Await.until(
        "the lower one carries, the other hears it",
        () -> {
          say(before, lowFire, highFire);
          return isCarriedBy(low, first) && isCarriedBy(low, second);
        });

    first.control().drain(LONG);
    Await.until(
        "what it carries goes on",
        () -> {
          say(before, lowFire, highFire);
          return isCarriedBy(low, first) && isCarriedBy(low, second);
        });
    LabTalker during = bob.talker(FIRE);
    Await.until(
        "the other one carries what is new",
        () -> {
          say(before, lowFire, highFire);
          say(during, lowFire, highFire);
          return isCarriedBy(low, second) && isCarriedBy(high, second);
        });
    first.control().drain(Duration.ZERO);
    Await.until(
        "the other one carries everything",
        () -> {
          say(before, lowFire, highFire);
          say(during, lowFire, highFire);
          List<BurstView> carried = second.bursts(POLICE);
          return carried.size() == 2
              && carried.stream().allMatch(b -> b.talker().equals(high.identity()));
        });
    assertThat(first.control().drainStatus().state()).isEqualTo(State.DRAINED);

    first.control().resume();
    LabTalker after = alice.talker(FIRE);
    Await.until(
        "the first one carries again",
        () -> {
          say(after, lowFire, highFire);
          return isCarriedBy(low, first) && isCarriedBy(low, second);
        });
  }

  private static String pair(
      InetSocketAddress fire, InetSocketAddress police, InetSocketAddress other, Path members) {
    return """
    - {id: '%s', listen: [{unicast: '%s'}], relay: [{group: '%s'}]}
    - {id: '%s', listen: [{unicast: '%s'}], relay: [{to: '%s'}], members: '%s'}
    """
        .formatted(FIRE, text(fire), POLICE, POLICE, text(police), text(other), members);
  }

  /// As often as a talker may.
  private void say(LabTalker talker, InetSocketAddress... to) throws Exception {
    long now = System.nanoTime();
    Long next = nextRepeat.get(talker);
    if (next != null && now - next < 0) {
      return;
    }
    nextRepeat.put(talker, now + REPEAT_NANOS);
    byte[] announcement = talker.announce();
    for (InetSocketAddress address : to) {
      mouth.send(announcement, address);
    }
  }

  private static boolean isCarriedBy(LabMember gateway, LiveGateway seenBy) throws Exception {
    return seenBy.bursts(POLICE).stream().anyMatch(b -> b.talker().equals(gateway.identity()));
  }
}
