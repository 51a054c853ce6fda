package parley.bench.load;

import java.net.InetSocketAddress;
import java.util.List;
import parley.gateway.media.Leg;
import parley.keys.member.Member;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// One group under load: a talker, and where its listeners hear what the gateway relays.
///
/// @param to where the gateway listens for this group
/// @param listen one listener each: addresses of this host, or the same multicast group again and
///   again
record LoadGroup(
    Identity id,
    InetSocketAddress to,
    MediaPolicy policy,
    Member talker,
    Member listener,
    Reach reach,
    List<Leg> listen) {
  LoadGroup {
    listen = List.copyOf(listen);
  }
}
