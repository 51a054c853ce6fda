package parley.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.bench.rig.GatewayFile;
import parley.gateway.media.DropReason;
import parley.gateway.media.Leg;
import parley.gateway.media.LegCounters.Direction;
import parley.keys.member.Member;
import parley.mikey.group.JoinVerb;
import picocli.CommandLine;

/// Loads whose listeners join, or hear a multicast group on loopback.
class LoadReachTest {
  private static final int GROUPS = 2;
  private static final int LISTENERS = 5;
  private static final WireFaults WIRE = new WireFaults(5, 3, 10, 5);
  private static final LoadSettings SETTINGS =
      new LoadSettings(300, 160, Duration.ofSeconds(1), WIRE, 4711);

  private final ByteArrayOutputStream live = new ByteArrayOutputStream();
  private final PrintStream lines = new PrintStream(live, true, StandardCharsets.UTF_8);

  private LoadReport run(Deployment deployment) throws Exception {
    try (Latencies latencies = Latencies.into(null);
        LoadRun run = LoadRun.open(SETTINGS, deployment, latencies, lines)) {
      return run.run();
    }
  }

  private static void assertAllDelivered(LoadReport report, int listeners, OwnGateway gateway) {
    assertEquals(300, report.made());
    assertTrue(report.leftOut() > 0 && report.doubled() > 0);
    assertEquals(300 - report.leftOut(), report.sent());
    assertEquals(report.sent() * listeners, report.expected());
    assertEquals(report.expected(), report.delivered(), () -> "lost: " + gateway.account());
    assertEquals(report.delivered(), report.fromIntended().getTotalCount());
    assertEquals(0, report.bad() + report.unknown() + report.duplicates());
    assertEquals(0, report.announcementsRefused());
    assertEquals(report.doubled(), gateway.dropped(DropReason.REPLAYED));
  }

  @Test
  void whoeverJoinsHearsEveryPacketThatCounts() throws Exception {
    try (OwnGateway gateway = OwnGateway.start(GROUPS, LISTENERS, Reach.JOINED)) {
      LoadReport report = run(gateway);
      assertAllDelivered(report, LISTENERS, gateway);
      JoinReport joins = joins(report);
      assertTrue(joins.isComplete());
      assertEquals(GROUPS * LISTENERS, joins.wanted());
      assertEquals(GROUPS * LISTENERS, joins.joined());
      assertEquals(GROUPS * LISTENERS, joins.delays().getTotalCount());
      assertTrue(joins.delays().getMinValue() > 0);
      assertTrue(gateway.done(JoinVerb.JOIN) >= GROUPS * LISTENERS, "a JOIN may be said again");
      assertEquals(GROUPS * LISTENERS, gateway.done(JoinVerb.LEAVE));
      report.print(lines);
    }
    String printed = live.toString(StandardCharsets.UTF_8);
    assertTrue(printed.contains("of 10 listeners, by JOIN"), printed);
    assertTrue(printed.contains("join to first audio      p50 "), printed);
    assertFalse(printed.contains("not joined"), printed);
  }

  @Test
  void listenersOfAMulticastGroupHearEveryPacketOfOneCopy() throws Exception {
    try (OwnGateway gateway = OwnGateway.start(GROUPS, LISTENERS, Reach.MULTICAST)) {
      LoadReport report = run(gateway);
      assertAllDelivered(report, LISTENERS, gateway);
      assertTrue(gateway.packets(Direction.OUT) >= report.sent());
      assertTrue(gateway.packets(Direction.OUT) < 2 * report.sent(), gateway.account()::toString);
    }
  }

  /// The gateway has room for two, and this plan has three.
  @Test
  void tellsWhoIsNotLetInAndCountsTheOthers(@TempDir Path folder) throws Exception {
    try (OwnGateway gateway = OwnGateway.start(1, 2, Reach.JOINED)) {
      LoadGroup group = gateway.groups().getFirst();
      Leg third = Leg.unicast(FreePorts.find(1).getFirst());
      List<Leg> listen = Stream.concat(group.listen().stream(), Stream.of(third)).toList();
      LoadReport report = run(Deployments.of(with(group, group.listener(), listen)));
      assertAllDelivered(report, 2, gateway);
      JoinReport joins = joins(report);
      assertEquals(3, joins.wanted());
      assertEquals(2, joins.joined());
      assertEquals(1, joins.absent().size());
      String absent = joins.absent().getFirst();
      assertTrue(absent.contains("has no room for another receiver"), absent);
      assertFalse(absent.contains("trying again"), absent);
      String said = live.toString(StandardCharsets.UTF_8);
      assertTrue(said.contains("1 of 3 listeners did not join: "), said);

      Path plan = gateway.folder().resolve("plan.yaml");
      String addresses =
          listen.stream().map(leg -> "'" + leg.name() + "'").collect(Collectors.joining(", "));
      Files.writeString(plan, plan(group, addresses));
      assertEquals(
          1,
          new CommandLine(new LoadBench(folder))
              .execute("--plan", plan.toString(), "--join", "--duration", "0.5"));
    }
  }

  @Test
  void hearsTheMulticastGroupThatAPlanNames() throws Exception {
    try (OwnGateway gateway = OwnGateway.start(1, 1, Reach.MULTICAST)) {
      LoadGroup group = gateway.groups().getFirst();
      Leg island = group.listen().getFirst();
      String listen =
          "{multicast: '%s', interface: %s, listeners: 3}"
              .formatted(GatewayFile.shown(island.address()), island.interfaceName());
      LoadPlan plan = LoadPlan.parse(plan(group, listen), gateway.folder(), "plan.yaml");
      try (Deployment named = PlannedDeployment.open(plan, false)) {
        assertAllDelivered(run(named), 3, gateway);
      }
      var wrong = assertThrows(WrongPlan.class, () -> PlannedDeployment.open(plan, true));
      assertTrue(String.valueOf(wrong.getMessage()).contains("--join is for unicast"));
    }
  }

  private static String plan(LoadGroup group, String listen) {
    return """
    talker: {identity: '%s', vault: {file: talker.vault, key-file: vault.key}}
    listener: {identity: '%s', vault: {file: listener.vault, key-file: vault.key}}
    groups:
      - {id: '%s', to: '%s', listen: [%s]}
    """
        .formatted(
            group.talker().identity(),
            group.listener().identity(),
            group.id(),
            GatewayFile.shown(group.to()),
            listen);
  }

  @Test
  void saysThatNobodyIsPermittedToListen() throws Exception {
    try (OwnGateway gateway = OwnGateway.start(1, 2, Reach.JOINED)) {
      LoadGroup group = gateway.groups().getFirst();
      var talkersOnly = with(group, group.talker(), group.listen());
      var failed = assertThrows(LoadFailed.class, () -> run(Deployments.of(talkersOnly)));
      assertTrue(
          String.valueOf(failed.getMessage())
              .startsWith("2 of 2 listeners did not join: the members list of " + group.id()),
          failed::getMessage);
    }
  }

  /// Waits for as long as a terminal tries before it tells its user.
  @Test
  void saysThatNoJoinIsAnswered() throws Exception {
    try (OwnGateway gateway = OwnGateway.start(1, 1, Reach.NAMED)) {
      LoadGroup group = gateway.groups().getFirst();
      List<Leg> elsewhere = List.of(Leg.unicast(FreePorts.find(1).getFirst()));
      var joining = with(group, group.listener(), elsewhere);
      var failed = assertThrows(LoadFailed.class, () -> run(Deployments.of(joining)));
      assertTrue(
          String.valueOf(failed.getMessage()).contains("does not answer: is it a unicast leg"),
          failed::getMessage);
    }
  }

  private static LoadGroup with(LoadGroup group, Member listener, List<Leg> listen) {
    return new LoadGroup(
        group.id(), group.to(), group.policy(), group.talker(), listener, Reach.JOINED, listen);
  }

  private static JoinReport joins(LoadReport report) {
    JoinReport joins = report.joins();
    if (joins == null) {
      throw new AssertionError("nobody was to join");
    }
    return joins;
  }
}
