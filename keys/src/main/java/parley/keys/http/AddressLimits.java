package parley.keys.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Decides whether an address may have one more connection: by how many it has, and by how fast it
/// opens them. An IPv6 address counts as its /64, which is what one host is given.
///
/// Bounded: of the addresses that have no connection the one that was quiet longest is forgotten.
/// Confined to one thread.
final class AddressLimits {
  private static final int MOST_REMEMBERED = 16_384;
  private static final int IPV6_PREFIX_OCTETS = 8;
  private static final double NANOS_PER_SECOND = 1e9;

  private final HttpLimits limits;
  private final LongSupplier nanos;
  private final Map<Source, Integer> open = new HashMap<>();
  private final Map<Source, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Source, Bucket> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  AddressLimits(HttpLimits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
  }

  private static final class Bucket {
    private double tokens;
    private long since;

    Bucket(double tokens, long since) {
      this.tokens = tokens;
      this.since = since;
    }

    boolean take(double perSecond, long now) {
      tokens = Math.min(perSecond, tokens + ((now - since) * perSecond) / NANOS_PER_SECOND);
      since = now;
      if (tokens < 1) {
        return false;
      }
      tokens--;
      return true;
    }
  }

  /// An address, or the /64 of one.
  private static final class Source {
    private final byte[] octets;

    Source(InetAddress address) {
      byte[] all = address.getAddress();
      octets = address instanceof Inet6Address ? Arrays.copyOf(all, IPV6_PREFIX_OCTETS) : all;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Source source && Arrays.equals(octets, source.octets);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(octets);
    }
  }

  /// Whether it may; then [#closed] is owed for it.
  boolean admit(InetAddress address) {
    Source source = new Source(address);
    int has = open.getOrDefault(source, 0);
    if (has >= limits.connectionsOfAnAddress() || !isSlowEnough(source)) {
      return false;
    }
    open.put(source, has + 1);
    return true;
  }

  private boolean isSlowEnough(Source source) {
    long now = nanos.getAsLong();
    int perSecond = limits.newConnectionsPerSecond();
    return buckets.computeIfAbsent(source, _ -> new Bucket(perSecond, now)).take(perSecond, now);
  }

  /// A connection that was admitted has ended.
  void closed(InetAddress address) {
    open.computeIfPresent(new Source(address), (_, has) -> has == 1 ? null : has - 1);
  }
}
