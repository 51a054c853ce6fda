package parley.gateway.admin;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import parley.gateway.media.Leg;
import parley.keys.audit.AuditTrail;
import parley.mikey.identity.Identity;

/// The control of a gateway with every act noted, [NotedActs]. Any thread but a media loop.
public final class AuditedControl {
  private final GatewayControl control;
  private final AuditTrail audit;
  private final NotedActs acts;
  private final InstantSource clock;
  private final AdminCounters counters = new AdminCounters();

  public AuditedControl(GatewayControl control, AuditTrail audit, InstantSource clock) {
    this.control = control;
    this.audit = audit;
    this.acts = new NotedActs(audit);
    this.clock = clock;
  }

  AdminCounters counters() {
    return counters;
  }

  AuditTrail audit() {
    return audit;
  }

  List<GroupView> groups() throws ControlRefused {
    return control.groups();
  }

  GroupView group(Identity id) throws ControlRefused {
    return control.group(id);
  }

  public DrainStatus drainStatus() {
    return control.drainStatus();
  }

  public ReloadReport reload(String actor) throws ControlRefused {
    try {
      ReloadReport report = act(actor, "reload", "", control::reload);
      counters.reloaded(clock.instant());
      countMuted();
      return report;
    } catch (ControlRefused e) {
      counters.reloadRefused();
      throw e;
    }
  }

  public DrainStatus drain(String actor, Duration deadline) throws ControlRefused {
    return act(
        actor, "drain", "within " + deadline.toSeconds() + " s", () -> control.drain(deadline));
  }

  DrainStatus resume(String actor) throws ControlRefused {
    return act(actor, "resume", "", control::resume);
  }

  void mute(String actor, Identity group, Identity talker) throws ControlRefused {
    act(
        actor,
        "mute",
        talker.uri() + " in " + group.uri(),
        () -> {
          control.mute(group, talker);
          return talker;
        });
    countMuted();
  }

  void unmute(String actor, Identity group, Identity talker) throws ControlRefused {
    act(
        actor,
        "unmute",
        talker.uri() + " in " + group.uri(),
        () -> {
          control.unmute(group, talker);
          return talker;
        });
    countMuted();
  }

  void addReceiver(String actor, Identity group, InetSocketAddress address) throws ControlRefused {
    act(
        actor,
        "add-receiver",
        Leg.unicast(address).name() + " to " + group.uri(),
        () -> {
          control.addReceiver(group, address);
          return address;
        });
  }

  void removeReceiver(String actor, Identity group, InetSocketAddress address)
      throws ControlRefused {
    act(
        actor,
        "remove-receiver",
        Leg.unicast(address).name() + " from " + group.uri(),
        () -> {
          control.removeReceiver(group, address);
          return address;
        });
  }

  private <T> T act(String actor, String act, String target, NotedActs.Act<T> doing)
      throws ControlRefused {
    return acts.take(actor, act, target, doing);
  }

  /// Metrics may not wait for media loops, so they see what was so after the last act.
  private void countMuted() throws ControlRefused {
    for (GroupView group : control.groups()) {
      counters.muted(group.id(), group.muted().size());
    }
  }
}
