package parley.keys.http;

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
/// Remembers a bounded number of askers, those who asked last: whoever is forgotten was idle
/// longest. A clock that is set back costs nobody more than the interval. Safe for use by many
/// threads.
public final class RequestLimits {
  private static final int MOST_ASKERS = 50_000;
  private static final int SUBNET_OCTETS = 8;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Duration interval;
  private final Duration whole;
  private final InstantSource clock;
  private final Map<String, Instant> fullAgain;

  /// For 50,000 askers.
  public RequestLimits(int burst, Duration interval, InstantSource clock) {
    this(burst, interval, MOST_ASKERS, clock);
  }

  /// @param mostAskers how many are remembered
  public RequestLimits(int burst, Duration interval, int mostAskers, InstantSource clock) {
    if (burst < 1 || interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException(
          burst + " at once and one each " + interval + " is no limit");
    }
    this.interval = interval;
    this.whole = interval.multipliedBy(burst);
    this.clock = clock;
    this.fullAgain =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > mostAskers;
          }
        };
  }

  /// The interval between so many requests a second.
  public static Duration perSecond(double requests) {
    return Duration.ofNanos(Math.round(NANOS_PER_SECOND / requests));
  }

  /// Counts this request; false if it is one too many.
  public synchronized boolean admits(String asker) {
    Instant now = clock.instant();
    Instant then = fullAgain(asker, now);
    Instant next = then.plus(interval);
    boolean isAdmitted = !next.isAfter(now.plus(whole));
    fullAgain.put(asker, isAdmitted ? next : then);
    return isAdmitted;
  }

  /// Whether the next request would be one too many; counts nothing.
  public synchronized boolean isExhausted(InetSocketAddress peer) {
    Instant now = clock.instant();
    return fullAgain(asker(peer), now).plus(interval).isAfter(now.plus(whole));
  }

  /// When this asker has its whole burst again: not before now, and no later than if it had just
  /// used it up.
  private Instant fullAgain(String asker, Instant now) {
    Instant then = fullAgain.getOrDefault(asker, now);
    Instant latest = now.plus(whole);
    if (then.isAfter(latest)) {
      return latest;
    }
    return then.isBefore(now) ? now : then;
  }

  /// As [#admits(String)] for an address; for IPv6 the subnet counts, as its owner has 2^64 of
  /// them.
  public boolean admits(InetSocketAddress peer) {
    return admits(asker(peer));
  }

  private static String asker(InetSocketAddress peer) {
    InetAddress address = peer.getAddress();
    return address == null ? peer.getHostString() : asker(address);
  }

  /// The name under which an address counts.
  static String asker(InetAddress address) {
    byte[] octets = address.getAddress();
    byte[] counted =
        address instanceof Inet6Address ? Arrays.copyOf(octets, SUBNET_OCTETS) : octets;
    return HexFormat.of().formatHex(counted);
  }
}
