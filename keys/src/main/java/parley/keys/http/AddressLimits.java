package parley.keys.http;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// Decides whether an address may have one more connection: by how many it has, and by how fast it
/// opens them. An IPv6 address counts as its /64, which is what one host is given. Confined to one
/// thread.
final class AddressLimits {
  private static final int MOST_REMEMBERED = 16_384;

  private final int atOnce;
  private final RequestLimits opening;
  private final Map<String, Integer> open = new HashMap<>();

  AddressLimits(HttpLimits limits, InstantSource clock) {
    this.atOnce = limits.connectionsOfAnAddress();
    int perSecond = limits.newConnectionsPerSecond();
    this.opening =
        new RequestLimits(perSecond, RequestLimits.perSecond(perSecond), MOST_REMEMBERED, clock);
  }

  /// Whether it may; then [#closed] is owed for it.
  boolean admit(InetAddress address) {
    String source = RequestLimits.asker(address);
    int has = open.getOrDefault(source, 0);
    if (has >= atOnce || !opening.admits(source)) {
      return false;
    }
    open.put(source, has + 1);
    return true;
  }

  /// A connection that was admitted has ended.
  void closed(InetAddress address) {
    open.computeIfPresent(RequestLimits.asker(address), (_, has) -> has == 1 ? null : has - 1);
  }
}
