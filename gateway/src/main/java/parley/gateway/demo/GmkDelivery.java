package parley.gateway.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import parley.gateway.keying.GmkInbox;
import parley.gateway.keying.MikeyInbox;
import parley.gateway.keying.MikeyPort;
import parley.gateway.keying.PortMouth;
import parley.gateway.keying.Registrar;
import parley.gateway.manager.DoorReply;
import parley.gateway.manager.DoorRequest;
import parley.gateway.manager.GroupReport;
import parley.gateway.manager.ManagerDoor;
import parley.gateway.media.PortUnavailable;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.mikey.identity.Identity;

/// The fourth act: every terminal registers with the manager of its groups, as the gateway has done
/// by itself; the manager sends each its group master key, one MIKEY-SAKKE message in one UDP
/// datagram, until every receipt is in.
final class GmkDelivery {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String CONFIRMED = "confirmed";

  private final Stage stage;
  private final Roles roles;
  private final InetSocketAddress manager;

  GmkDelivery(Stage stage, Roles roles, InetSocketAddress manager) {
    this.stage = stage;
    this.roles = roles;
    this.manager = manager;
  }

  /// Returns whether everybody has confirmed.
  boolean play() throws IOException, PortUnavailable, InterruptedException {
    stage.terminal().act("4. Group master keys, as MIKEY-SAKKE over UDP");
    for (Member terminal : roles.members().values()) {
      register(terminal);
    }
    boolean fireOps = delivered(Cast.FIRE_OPS);
    boolean jointOps = delivered(Cast.JOINT_OPS);
    return fireOps && jointOps;
  }

  private void register(Member member) throws IOException, PortUnavailable {
    MikeyInbox inbox = new MikeyInbox(stage.keep(new GmkInbox(member)));
    MikeyPort port = stage.keep(MikeyPort.open(stage.transport(), stage.freeAddress(), inbox));
    for (GroupMembership group : member.memberships().values()) {
      Registrar registrar =
          stage.keep(
              new Registrar(
                  member,
                  group,
                  manager,
                  new PortMouth(port, _ -> {}),
                  stage.clock(),
                  stage.random()));
      inbox.registrationsOf(group.group(), registrar::answer);
      registrar.start();
    }
  }

  private boolean delivered(Identity group) throws IOException, InterruptedException {
    List<GroupReport.Line> board = board(group);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isConfirmed(board) && System.nanoTime() < end) {
      Thread.sleep(50);
      board = board(group);
    }
    long receipts = board.stream().filter(line -> line.state().equals(CONFIRMED)).count();
    String what =
        "%s: GMK sent to %d members, %d receipts".formatted(group, board.size(), receipts);
    return stage.terminal().check(isConfirmed(board), what);
  }

  private static boolean isConfirmed(List<GroupReport.Line> board) {
    return !board.isEmpty() && board.stream().allMatch(line -> line.state().equals(CONFIRMED));
  }

  /// Of the newest GMK, as `parley manager status` has it.
  private List<GroupReport.Line> board(Identity group) throws IOException {
    return ManagerDoor.ask(
            stage.vaultFile("manager"), new DoorRequest(DoorRequest.Verb.STATUS, group))
        .map(DoorReply::report)
        .filter(report -> !report.gmks().isEmpty())
        .map(report -> report.gmks().getFirst().deliveries())
        .orElse(List.of());
  }
}
