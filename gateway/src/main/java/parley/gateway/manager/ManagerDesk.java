package parley.gateway.manager;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.ControlRefused.Kind;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.keys.manager.WrongSetting;
import parley.keys.member.KeysMissing;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// What operators see and do, by the admin API or by the socket file. Any thread but the loop; each
/// call is done on the loop, whole, before it returns.
///
/// The members file is the list. A change reads it, alters one entry and puts it back whole; what
/// was altered in it by hand comes into force with that.
final class ManagerDesk {
  private final ManagerLoop loop;
  private final ManagerGroups groups;

  ManagerDesk(ManagerLoop loop, ManagerGroups groups) {
    this.loop = loop;
    this.groups = groups;
  }

  /// Done on the loop for one group.
  private interface Work<T> {
    T on(ManagedGroup group) throws VaultException, KeysMissing, ControlRefused;
  }

  private <T> T of(String uri, Work<T> work) throws ControlRefused {
    Identity group = identity(uri);
    return onLoop(() -> {
      ManagedGroup found =
          groups
              .find(group)
              .orElseThrow(
                  () -> new ControlRefused(Kind.UNKNOWN, uri + " is not managed by this server"));
      return work.on(found);
    });
  }

  private <T> T onLoop(ManagerLoop.Work<T> work) throws ControlRefused {
    try {
      return loop.call(work);
    } catch (VaultException | KeysMissing e) {
      throw unavailable(String.valueOf(e.getMessage()), e);
    }
  }

  private static ControlRefused unavailable(String sentence, Exception cause) {
    return new ControlRefused(Kind.UNAVAILABLE, sentence, List.of(), cause);
  }

  static Identity identity(String uri) throws ControlRefused {
    try {
      return new Identity(uri);
    } catch (IllegalArgumentException e) {
      throw new ControlRefused(Kind.INVALID, String.valueOf(e.getMessage()));
    }
  }

  /// One line for each group.
  List<Map<String, ?>> groups() throws ControlRefused {
    return onLoop(() -> groups.all().stream().<Map<String, ?>>map(ManagerDesk::summary).toList());
  }

  private static Map<String, ?> summary(ManagedGroup group) {
    GroupManager manager = group.manager();
    var shown = new LinkedHashMap<String, Object>();
    shown.put("group", manager.group().uri());
    shown.put("members", manager.members().members().size());
    shown.put("registered", manager.addresses().size());
    shown.put("dissolved", manager.isDissolved());
    shown.put("unconfirmed", unconfirmed(manager));
    return shown;
  }

  /// Members that have not confirmed the newest GMK.
  private static int unconfirmed(GroupManager manager) {
    return manager.newestGmk().map(gmk -> manager.pendingCount(gmk.gmkId())).orElse(0);
  }

  /// Members of all groups that have not confirmed the newest GMK.
  int unconfirmed() throws ControlRefused {
    return onLoop(
        () -> groups.all().stream().mapToInt(group -> unconfirmed(group.manager())).sum());
  }

  /// The GMKs and the delivery board.
  GroupReport report(String group) throws ControlRefused {
    return of(group, ManagerDesk::report);
  }

  private static GroupReport report(ManagedGroup group) {
    return GroupReport.of(group.manager(), group.outlet());
  }

  MemberList members(String group) throws ControlRefused {
    return of(group, managed -> managed.manager().members());
  }

  /// The signed list, in Base64.
  String signedMembers(String group) throws ControlRefused {
    return of(
        group,
        managed -> Base64.getEncoder().encodeToString(managed.manager().signedMembers().octets()));
  }

  GroupReport rekey(String group) throws ControlRefused {
    return of(
        group,
        managed -> {
          requireAlive(managed);
          managed.distributor().rekey();
          return report(managed);
        });
  }

  private static void requireAlive(ManagedGroup group) throws ControlRefused {
    if (group.manager().isDissolved()) {
      throw new ControlRefused(Kind.CONFLICT, group.config().id() + " is dissolved");
    }
  }

  GroupReport dissolve(String group) throws ControlRefused {
    return of(
        group,
        managed -> {
          managed.manager().dissolve();
          managed.distributor().changed();
          return report(managed);
        });
  }

  /// Adds a member, or gives it these permissions and no others.
  MemberList put(String group, String member, Set<Permission> may) throws ControlRefused {
    Identity who = identity(member);
    if (may.isEmpty()) {
      throw new ControlRefused(
          Kind.INVALID, "a member may do something: talk, listen, relay, manage");
    }
    return of(group, managed -> change(managed, list -> list.with(new GroupMember(who, may))));
  }

  /// Takes a member out; the others get a new GMK at once where it had the present one.
  MemberList exclude(String group, String member) throws ControlRefused {
    Identity who = identity(member);
    return of(
        group,
        managed -> {
          if (managed.manager().members().find(who).isEmpty()) {
            throw new ControlRefused(Kind.UNKNOWN, who + " is no member of " + group);
          }
          return change(managed, list -> list.without(who));
        });
  }

  /// The file first: what a crash leaves undone is done at the next start, which reads it. Where
  /// the vault fails, the file is put back.
  private static MemberList change(ManagedGroup group, UnaryOperator<MemberList> change)
      throws ControlRefused, VaultException {
    requireAlive(group);
    Path file = group.config().members();
    String before = null;
    try {
      before = Files.readString(file);
      MemberList next = change.apply(MemberList.parse(before));
      next.save(file);
      group.distributor().members(next);
      return next;
    } catch (WrongSetting e) {
      throw new ControlRefused(
          Kind.INVALID,
          "%s was altered and is wrong: %s; correct it first".formatted(file, e.getMessage()));
    } catch (IOException e) {
      throw unavailable(
          "%s cannot be replaced (%s); let the manager write in its folder"
              .formatted(file, e.getMessage()),
          e);
    } catch (VaultException e) {
      putBack(file, before, e);
      throw e;
    }
  }

  private static void putBack(Path file, @Nullable String before, VaultException why)
      throws ControlRefused {
    try {
      if (before != null) {
        MemberList.write(file, before);
      }
    } catch (IOException e) {
      throw unavailable(
          "%s; %s has the change already, which comes into force with the next start"
              .formatted(why.getMessage(), file),
          e);
    }
  }
}
