package parley.gateway.admin;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import parley.mikey.identity.Identity;

/// What an operator may see and do in detail while a gateway runs.
///
/// Every call may wait for the media loops, a few milliseconds as a rule and never more than a few
/// seconds; so none may be made on a media loop. Calls that change something exclude each other.
/// Whoever calls writes the audit log: the gateway does not know who asked.
public interface GatewayControl {
  /// One entry for each group, in the order of the configuration.
  List<GroupView> groups() throws ControlRefused;

  /// One of them; the loops of the others are left alone.
  ///
  /// @throws ControlRefused for a group that is none of this gateway's
  GroupView group(Identity id) throws ControlRefused;

  /// Reads the configuration file again and makes it so: groups and legs that are the same in both
  /// do not lose a packet, nor a burst.
  ///
  /// @throws ControlRefused with every wrong setting; nothing has changed then
  ReloadReport reload() throws ControlRefused;

  /// Takes no new burst from now on, lets those that run go on until they end or `deadline` is
  /// over, and is not ready meanwhile. Calling it again sets the deadline anew.
  DrainStatus drain(Duration deadline) throws ControlRefused;

  /// The way back from [#drain], before or after its deadline.
  DrainStatus resume() throws ControlRefused;

  DrainStatus drainStatus();

  /// From now on nothing that this talker says in the group is relayed or re-keyed, in the burst
  /// that runs and in those that follow. It is recorded nevertheless. Lasts until [#unmute] or the
  /// end of the process.
  ///
  /// @throws ControlRefused for a group that is none of this gateway's
  void mute(Identity group, Identity talker) throws ControlRefused;

  /// Without effect for a talker who is not muted.
  void unmute(Identity group, Identity talker) throws ControlRefused;

  /// Relays the group to one more unicast address, which gets the running announcements at once.
  /// Lasts until [#removeReceiver] or the end of the process. No other group notices.
  ///
  /// @throws ControlRefused for an unknown group, an address that the configuration has or where
  ///   the group itself listens, and one receiver too many
  void addReceiver(Identity group, InetSocketAddress address) throws ControlRefused;

  /// Takes out a receiver that was added, or one that has joined, which may join again.
  ///
  /// @throws ControlRefused for one that is in the configuration, or nowhere
  void removeReceiver(Identity group, InetSocketAddress address) throws ControlRefused;
}
