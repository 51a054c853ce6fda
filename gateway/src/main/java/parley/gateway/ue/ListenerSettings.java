package parley.gateway.ue;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Leg;
import parley.keys.manager.MemberList;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// Where a listener listens, and whom it believes.
///
/// @param listen multicast groups to join, unicast addresses to bind
/// @param policies what an announcement may ask for
/// @param members who may talk and relay; null: whoever holds the GMK may talk, and no gateway's
///   word for a talker of another group is believed
/// @param players how other programs play what is heard, or null
/// @param join the leg of a gateway that shall send here, or null; `listen` is unicast then
/// @param mikey where MIKEY is heard besides, for keys, or null
/// @param manager who is told of that, or null; without `mikey` at a port that the system chooses
public record ListenerSettings(
    Identity group,
    List<Leg> listen,
    List<MediaPolicy> policies,
    @Nullable MemberList members,
    @Nullable PlayerSettings players,
    @Nullable InetSocketAddress join,
    @Nullable InetSocketAddress mikey,
    @Nullable InetSocketAddress manager) {
  public ListenerSettings {
    listen = List.copyOf(listen);
    policies = List.copyOf(policies);
  }

  /// Played by no other program.
  public ListenerSettings(
      Identity group, List<Leg> listen, List<MediaPolicy> policies, @Nullable MemberList members) {
    this(group, listen, policies, members, null, null, null, null);
  }

  /// The same, sent by a gateway that is told to.
  public ListenerSettings joining(InetSocketAddress gateway) {
    return new ListenerSettings(group, listen, policies, members, players, gateway, mikey, manager);
  }

  /// The same, with a port for keys; `at` is told of it, if not null.
  public ListenerSettings keysAt(@Nullable InetSocketAddress port, @Nullable InetSocketAddress at) {
    return new ListenerSettings(group, listen, policies, members, players, join, port, at);
  }
}
