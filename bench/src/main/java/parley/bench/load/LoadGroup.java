package parley.bench.load;

import java.net.InetSocketAddress;
import java.util.List;
import parley.keys.member.Member;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// One group under load: a talker, and the addresses of this host to which the gateway relays.
///
/// @param to where the gateway listens for this group
/// @param listen one listener each
record LoadGroup(
    Identity id,
    InetSocketAddress to,
    MediaPolicy policy,
    Member talker,
    Member listener,
    List<InetSocketAddress> listen) {
  LoadGroup {
    listen = List.copyOf(listen);
  }
}
