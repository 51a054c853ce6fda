package parley.bench.load;

import java.util.concurrent.atomic.AtomicLongArray;

/// When the last packets of a stream should have been sent and when they were, by their number.
///
/// Written by the sender before the packet leaves, read by the listeners. A packet that comes when
/// its place has been taken by a later one has no times any more.
final class SendTimes {
  private static final int FIELDS = 3;
  private static final int LEAST = 64;
  private static final int MOST = 1 << 20;

  private final int mask;
  private final AtomicLongArray times;

  /// @param packets to be remembered at least
  SendTimes(double packets) {
    int wanted = (int) Math.clamp(packets, LEAST, MOST);
    int places = Integer.highestOneBit(wanted * 2 - 1);
    mask = places - 1;
    times = new AtomicLongArray(places * FIELDS);
    for (int place = 0; place < places; place++) {
      times.setPlain(place * FIELDS, -1);
    }
  }

  void put(long number, long intendedNanos, long sentNanos) {
    int at = at(number);
    times.setOpaque(at + 1, intendedNanos);
    times.setOpaque(at + 2, sentNanos);
    times.setRelease(at, number);
  }

  boolean knows(long number) {
    return times.getAcquire(at(number)) == number;
  }

  long intendedNanos(long number) {
    return times.getOpaque(at(number) + 1);
  }

  long sentNanos(long number) {
    return times.getOpaque(at(number) + 2);
  }

  private int at(long number) {
    return ((int) number & mask) * FIELDS;
  }
}
