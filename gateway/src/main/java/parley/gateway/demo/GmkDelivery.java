package parley.gateway.demo;

import java.io.IOException;
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
import parley.keys.http.ClientTls;
import parley.keys.manager.ManagerClient;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.mikey.identity.Identity;

/// The fourth act: the terminals register with the manager of their groups, as the gateway has done
/// by itself, and it sends each its group master key, one MIKEY-SAKKE message in one UDP datagram.
/// Carol, whom no datagram reaches, fetches hers over HTTPS. Until every receipt is in.
final class GmkDelivery {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String CONFIRMED = "confirmed";

  private final Stage stage;
  private final Roles roles;
  private final KeyPlane keys;
  private final Addresses addresses;

  GmkDelivery(Stage stage, Roles roles, KeyPlane keys, Addresses addresses) {
    this.stage = stage;
    this.roles = roles;
    this.keys = keys;
    this.addresses = addresses;
  }

  /// Returns whether everybody has confirmed.
  boolean play() throws Exception {
    stage.terminal().act("4. Group master keys, as MIKEY-SAKKE over UDP and HTTPS");
    for (Member terminal : roles.members().values()) {
      if (!terminal.identity().equals(Cast.CAROL)) {
        register(terminal);
      }
    }
    fetch(roles.member(Cast.CAROL));
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
                  addresses.manager(),
                  new PortMouth(port, _ -> {}),
                  stage.clock(),
                  stage.random()));
      inbox.registrationsOf(group.group(), registrar::answer);
      registrar.start();
    }
  }

  /// Asks, signed, until the manager has something for this member, and hands in the receipts.
  private void fetch(Member member) throws Exception {
    GroupMembership group = member.memberships().get(Cast.FIRE_OPS);
    if (group == null) {
      throw new IllegalStateException(member + " belongs to no " + Cast.FIRE_OPS);
    }
    try (ManagerClient manager =
        new ManagerClient(
            addresses.managerUrl(),
            ClientTls.load(keys.ca(), null),
            PATIENCE,
            member,
            group,
            stage.clock(),
            stage.random())) {
      List<byte[]> messages = manager.pull();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (messages.isEmpty() && System.nanoTime() < end) {
        Thread.sleep(50);
        messages = manager.pull();
      }
      for (byte[] message : messages) {
        if (member.accept(message) instanceof GmkAcceptance.Accepted accepted) {
          manager.receipt(accepted.receipt());
        }
      }
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
    String what = "%s: GMK for %d members, %d receipts".formatted(group, board.size(), receipts);
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
