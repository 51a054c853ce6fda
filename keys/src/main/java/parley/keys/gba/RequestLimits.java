package parley.keys.gba;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// How often somebody may ask, before anything is computed for them: `burst` at once, and one more
/// after each `interval`.
///
/// Remembers 50,000 askers, those who asked last. Safe for use by many threads.
public final class RequestLimits {
  private static final int MOST_ASKERS = 50_000;
  private static final int SUBNET_OCTETS = 8;

  private final int burst;
  private final Duration interval;
  private final InstantSource clock;
  private final Map<String, Instant> emptyAgain =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MOST_ASKERS;
        }
      };

  public RequestLimits(int burst, Duration interval, InstantSource clock) {
    if (burst < 1 || interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException(
          burst + " at once and one each " + interval + " is no limit");
    }
    this.burst = burst;
    this.interval = interval;
    this.clock = clock;
  }

  /// Counts this request; false if it is one too many.
  public synchronized boolean admits(String asker) {
    Instant now = clock.instant();
    Instant then = emptyAgain.getOrDefault(asker, now);
    Instant next = (then.isBefore(now) ? now : then).plus(interval);
    if (next.isAfter(now.plus(interval.multipliedBy(burst)))) {
      return false;
    }
    emptyAgain.put(asker, next);
    return true;
  }

  /// Whether the next request would be one too many; counts nothing.
  public synchronized boolean isExhausted(InetSocketAddress peer) {
    Instant now = clock.instant();
    Instant then = emptyAgain.getOrDefault(asker(peer), now);
    return then.isAfter(now.plus(interval.multipliedBy(burst - 1L)));
  }

  /// As [#admits(String)] for an address; for IPv6 the subnet counts, as its owner has 2^64 of
  /// them.
  public boolean admits(InetSocketAddress peer) {
    return admits(asker(peer));
  }

  private static String asker(InetSocketAddress peer) {
    InetAddress address = peer.getAddress();
    if (address == null) {
      return peer.getHostString();
    }
    byte[] octets = address.getAddress();
    byte[] counted =
        address instanceof Inet6Address ? Arrays.copyOf(octets, SUBNET_OCTETS) : octets;
    return HexFormat.of().formatHex(counted);
  }
}
