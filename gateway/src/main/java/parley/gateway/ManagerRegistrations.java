package parley.gateway;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.GroupConfig;
import parley.gateway.config.ManagerWay;
import parley.gateway.keying.MikeyInbox;
import parley.gateway.keying.MikeyPort;
import parley.gateway.keying.PortMouth;
import parley.gateway.keying.Registrar;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.mikey.identity.Identity;

/// Registers this gateway with the managers that its groups name by `udp://`, from MIKEY's port.
final class ManagerRegistrations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerRegistrations.class);

  private final Member member;
  private final MikeyPort port;
  private final MikeyInbox inbox;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<Identity, Running> running = new HashMap<>();

  /// One registrar, and what it was made for.
  private record Running(GroupMembership group, ManagerWay.Udp manager, Registrar registrar) {}

  ManagerRegistrations(
      Member member, MikeyPort port, MikeyInbox inbox, InstantSource clock, SecureRandom random) {
    this.member = member;
    this.port = port;
    this.inbox = inbox;
    this.clock = clock;
    this.random = random;
  }

  /// Registers for these groups, and no longer for others.
  synchronized void follow(List<GroupConfig> groups) {
    Map<Identity, ManagerWay.Udp> wanted = new HashMap<>();
    for (GroupConfig group : groups) {
      if (group.manager() instanceof ManagerWay.Udp udp) {
        wanted.put(group.id(), udp);
      }
    }
    for (Running known : List.copyOf(running.values())) {
      Identity group = known.group().group();
      boolean same =
          known.manager().equals(wanted.get(group))
              && known.group().equals(member.memberships().get(group));
      if (!same) {
        end(group);
      }
    }
    wanted.forEach(this::begin);
  }

  private void begin(Identity group, ManagerWay.Udp manager) {
    GroupMembership membership = member.memberships().get(group);
    if (running.containsKey(group) || membership == null) {
      return;
    }
    try {
      var address = new InetSocketAddress(InetAddress.getByName(manager.host()), manager.port());
      var registrar =
          new Registrar(member, membership, address, new PortMouth(port, LOG::info), clock, random);
      running.put(group, new Running(membership, manager, registrar));
      inbox.registrationsOf(group, registrar::answer);
      registrar.start();
    } catch (UnknownHostException e) {
      LOG.atError()
          .addKeyValue("group", group.uri())
          .addKeyValue("manager", manager)
          .log("the manager's name is not known; give an address, or correct it and reload");
    }
  }

  private void end(Identity group) {
    Running gone = running.remove(group);
    inbox.registrationsOf(group, null);
    if (gone != null) {
      gone.registrar().close();
    }
  }

  @Override
  public synchronized void close() {
    List.copyOf(running.keySet()).forEach(this::end);
  }
}
