package parley.gateway.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import parley.gateway.media.Leg;
import parley.gateway.media.PortUnavailable;
import parley.gateway.ue.Listener;
import parley.gateway.ue.ListenerSettings;
import parley.keys.manager.MemberList;
import parley.keys.manager.WrongSetting;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// The fifth act: Carol listens to the multicast itself and, on a second terminal, to the gateway;
/// Dave listens to the gateway in fire-ops and in joint-ops.
final class Audience {
  private final Stage stage;
  private final Roles roles;
  private final Addresses addresses;
  private final List<Spectator> spectators = new ArrayList<>();

  Audience(Stage stage, Roles roles, Addresses addresses) {
    this.stage = stage;
    this.roles = roles;
    this.addresses = addresses;
  }

  List<Spectator> play() throws PortUnavailable, IOException, WrongSetting {
    stage.terminal().act("5. The audience");
    Leg multicast = Leg.multicast(addresses.talk(), stage.loopback().getName(), 1);
    seat("carol, multicast", Cast.CAROL, Cast.FIRE_OPS, Cast.FIRE_OPS_POLICY, multicast);
    seat(
        "carol, unicast",
        Cast.CAROL,
        Cast.FIRE_OPS,
        Cast.FIRE_OPS_POLICY,
        Leg.unicast(addresses.carol()));
    seat(
        "dave, unicast",
        Cast.DAVE,
        Cast.FIRE_OPS,
        Cast.FIRE_OPS_POLICY,
        Leg.unicast(addresses.dave()));
    seat(
        "dave, joint-ops",
        Cast.DAVE,
        Cast.JOINT_OPS,
        Cast.JOINT_OPS_POLICY,
        Leg.unicast(addresses.joint()));
    return List.copyOf(spectators);
  }

  private void seat(String name, Identity who, Identity group, MediaPolicy policy, Leg leg)
      throws PortUnavailable, IOException, WrongSetting {
    MemberList members = MemberList.load(stage.membersFile(group));
    Spectator spectator = new Spectator(name, stage.terminal());
    stage.keep(
        Listener.open(
            roles.member(who),
            new ListenerSettings(group, List.of(leg), List.of(policy), members),
            stage.transport(),
            stage.engine(),
            stage.clock(),
            stage.random(),
            spectator));
    spectators.add(spectator);
    stage.terminal().step("%s: on %s, %s".formatted(name, leg.name(), policy.suite()));
  }
}
