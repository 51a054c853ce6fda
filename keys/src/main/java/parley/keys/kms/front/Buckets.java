package parley.keys.kms.front;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// How often each of many may ask: a token bucket for each name, of a bounded number of names.
///
/// When there are more, the one that was idle longest is forgotten, which by then is full again or
/// nearly so. Thread-safe.
final class Buckets {
  private static final int MOST_NAMES = 16_384;

  private final int capacity;
  private final double perSecond;
  private final InstantSource clock;
  private final Map<String, Bucket> buckets;

  /// @param capacity how many at once
  /// @param perSecond how many come back
  Buckets(int capacity, double perSecond, InstantSource clock) {
    this.capacity = capacity;
    this.perSecond = perSecond;
    this.clock = clock;
    this.buckets =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_NAMES;
          }
        };
  }

  /// Takes one; false where there is none left.
  synchronized boolean take(String name) {
    Instant now = clock.instant();
    Bucket bucket = buckets.computeIfAbsent(name, _ -> new Bucket(capacity, now));
    double passed = Math.max(0, Duration.between(bucket.at, now).toMillis() / 1000.0);
    bucket.left = Math.min(capacity, bucket.left + passed * perSecond);
    bucket.at = now;
    if (bucket.left < 1) {
      return false;
    }
    bucket.left--;
    return true;
  }

  synchronized int size() {
    return buckets.size();
  }

  private static final class Bucket {
    private double left;
    private Instant at;

    Bucket(double left, Instant at) {
      this.left = left;
      this.at = at;
    }
  }
}
