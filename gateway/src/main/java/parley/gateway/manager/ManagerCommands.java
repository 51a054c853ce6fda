package parley.gateway.manager;

import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.gateway.admin.ControlRefused;
import parley.mikey.identity.Identity;

/// What comes by the socket file, done and noted as the admin API's acts are: before, and after
/// with what came of it.
final class ManagerCommands {
  private static final String ACTOR = "socket file";

  private final ManagerDesk desk;
  private final ManagerNotes notes;

  ManagerCommands(ManagerDesk desk, ManagerNotes notes) {
    this.desk = desk;
    this.notes = notes;
  }

  DoorReply obey(DoorRequest command) {
    String act = command.verb().name().toLowerCase(Locale.ROOT);
    boolean isNoted = command.verb().isAct();
    try {
      if (isNoted) {
        notes.now(ACTOR, act, target(command), "begun");
      }
      DoorReply reply = answer(command);
      if (isNoted) {
        notes.now(ACTOR, act, target(command), outcome(reply));
      }
      return reply;
    } catch (UncheckedIOException e) {
      return DoorReply.failed(
          e.getMessage() + "; 'parley manager status' tells whether it was done");
    }
  }

  private static String target(DoorRequest command) {
    Identity member = command.member();
    String more = member == null ? "" : " " + member.uri();
    String may = command.may();
    return command.group().uri() + more + (may == null || may.isEmpty() ? "" : " " + may);
  }

  private static String outcome(DoorReply reply) {
    return reply.error() == null ? "done" : "refused: " + reply.error();
  }

  private DoorReply answer(DoorRequest command) {
    String group = command.group().uri();
    try {
      return switch (command.verb()) {
        case STATUS -> DoorReply.status(desk.report(group));
        case REKEY -> DoorReply.status(desk.rekey(group));
        case DISSOLVE -> DoorReply.status(desk.dissolve(group));
        case MEMBERS -> DoorReply.members(desk.members(group));
        case SIGNED -> DoorReply.signed(desk.signedMembers(group));
        case PUT ->
            DoorReply.members(
                desk.put(
                    group,
                    member(command.member()),
                    ManagerAdmin.permissions(String.valueOf(command.may()))));
        case EXCLUDE -> DoorReply.members(desk.exclude(group, member(command.member())));
      };
    } catch (ControlRefused e) {
      return DoorReply.failed(String.valueOf(e.getMessage()));
    }
  }

  private static String member(@Nullable Identity member) {
    return member == null ? "" : member.uri();
  }
}
