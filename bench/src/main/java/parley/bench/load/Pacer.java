package parley.bench.load;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import parley.gateway.media.MediaPort;
import parley.srtp.CipherEngine;
import parley.srtp.PacketBatch;
import parley.srtp.RtpPacket;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// Sends the packets of all talkers in turns, each at the time that the rate gives it, through a
/// bad wire.
///
/// A pacer that was kept from running sends what it missed at once; the intended times stay, so the
/// delay is seen. Occupies the loop of its port until it has ended; counters are read by any
/// thread.
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
final class Pacer implements Runnable {
  private static final int BATCH = 64;
  private static final int TRAILER_OCTETS = 64;
  private static final int MOST_DELAYED = 1 << 20;
  private static final long LONGEST_PAUSE_NANOS = 1_000_000;

  private final LoadSettings settings;
  private final List<LoadTalker> talkers;
  private final MediaPort port;
  private final SrtpTransform transform;
  private final PacketBatch batch;
  private final DelayLine line;
  private final SplittableRandom random;
  private final long[] numbers = new long[BATCH];
  private final long total;
  private final long reorderNanos;
  private final double jitterNanos;
  private long startNanos;
  private long next;
  private long mostLateNanos;
  private volatile boolean stopped;
  private volatile long made;
  private volatile long leftOut;
  private volatile long doubled;
  private volatile long reordered;

  Pacer(LoadSettings settings, List<LoadTalker> talkers, MediaPort port, CipherEngine engine)
      throws WrongPlan {
    this.settings = settings;
    this.talkers = List.copyOf(talkers);
    this.port = port;
    this.transform = new SrtpTransform(engine, BATCH);
    int slotOctets = slotOctets(settings);
    this.batch = PacketBatch.allocate(BATCH, slotOctets);
    this.random = new SplittableRandom(settings.seed());
    this.total = settings.packets();
    this.reorderNanos = settings.streamStepNanos(talkers.size()) * 3 / 2;
    this.jitterNanos = settings.wire().jitterMillis() * 1e6;
    this.line = new DelayLine(delayed(settings, talkers.size()), slotOctets);
  }

  private static int slotOctets(LoadSettings settings) {
    return RtpPacket.FIXED_HEADER_OCTETS + settings.payloadOctets() + TRAILER_OCTETS;
  }

  /// How many packets wait at most.
  static int delayed(LoadSettings settings, int groups) throws WrongPlan {
    WireFaults wire = settings.wire();
    double nanos =
        wire.jitterMillis() * 1e6
            + (wire.reorderPercent() > 0 ? 1.5 * settings.streamStepNanos(groups) : 0);
    double packets = settings.rate() * nanos / 1e9;
    if (packets > MOST_DELAYED) {
      throw new WrongPlan(
          "--jitter of %s ms at %s packets/s would hold %.0f packets back; %d are the most"
              .formatted(wire.jitterMillis(), settings.rate(), packets, MOST_DELAYED));
    }
    return (int) (1.5 * packets) + 2 * BATCH;
  }

  /// Ends early, as if everything had been sent. Any thread.
  void stop() {
    stopped = true;
  }

  /// Packets that were made so far, sent or not.
  long made() {
    return made;
  }

  /// Packets that the wire lost on purpose.
  long leftOut() {
    return leftOut;
  }

  /// Packets that were sent twice on purpose.
  long doubled() {
    return doubled;
  }

  /// Packets that were held back behind the next one on purpose.
  long reordered() {
    return reordered;
  }

  /// How far behind the intended time a packet was sent at most; once the pacer has ended.
  long mostLateNanos() {
    return mostLateNanos;
  }

  @Override
  public void run() {
    talkers.forEach(LoadTalker::count);
    startNanos = System.nanoTime();
    while (next < total && !stopped) {
      if (!sendDue()) {
        pause(startNanos + settings.dueNanos(next));
      }
    }
    while (!line.isEmpty()) {
      if (!sendDelayed()) {
        pause(Long.MAX_VALUE);
      }
    }
    sayBye();
  }

  private void pause(long dueNanos) {
    long now = System.nanoTime();
    long wait = Math.min(dueNanos, line.firstDueNanos()) - now;
    if (wait > 0) {
      LockSupport.parkNanos(Math.min(wait, LONGEST_PAUSE_NANOS));
    }
  }

  /// Returns whether anything was due.
  private boolean sendDue() {
    boolean late = sendDelayed();
    long elapsed = System.nanoTime() - startNanos;
    batch.clear();
    long first = next;
    while (next < total && batch.size() < BATCH && settings.dueNanos(next) <= elapsed) {
      int slot = batch.size();
      numbers[slot] = talker(next).add(batch, settings.payloadOctets());
      next++;
    }
    if (batch.size() == 0) {
      return late;
    }
    protect();
    long now = System.nanoTime();
    for (int slot = 0; slot < batch.size(); slot++) {
      overTheWire(slot, first + slot, now);
    }
    port.flush();
    made = next;
    return true;
  }

  private LoadTalker talker(long n) {
    return talkers.get((int) (n % talkers.size()));
  }

  private void protect() {
    transform.protect(batch, batch);
    for (int slot = 0; slot < batch.size(); slot++) {
      if (batch.verdict(slot) != Verdict.ACCEPTED) {
        throw new IllegalStateException("a burst is at its end: " + batch.verdict(slot));
      }
    }
  }

  /// The same draws for each packet, whatever becomes of it, so that a seed means the same.
  private void overTheWire(int slot, long n, long now) {
    WireFaults wire = settings.wire();
    boolean isLost = random.nextDouble(100) < wire.lossPercent();
    boolean isDoubled = random.nextDouble(100) < wire.duplicatePercent();
    boolean isReordered = random.nextDouble(100) < wire.reorderPercent();
    long delay = (long) (random.nextDouble() * jitterNanos) + (isReordered ? reorderNanos : 0);
    if (isLost) {
      leftOut = leftOut + 1;
      return;
    }
    int copies = isDoubled ? 2 : 1;
    doubled = doubled + (copies - 1);
    reordered = reordered + (isReordered ? 1 : 0);
    long due = startNanos + settings.dueNanos(n) + delay;
    if (delay > 0 && due > now && !line.isFull()) {
      line.add(batch, slot, talker(n), numbers[slot], copies, due);
    } else {
      send(batch, slot, talker(n), numbers[slot], copies, due, now);
    }
  }

  private boolean sendDelayed() {
    long now = System.nanoTime();
    int count = 0;
    for (; count < BATCH && line.firstDueNanos() <= now; count++) {
      int slot = line.take();
      send(
          line.memory(),
          slot,
          line.talker(slot),
          line.number(slot),
          line.copies(slot),
          line.dueNanos(slot),
          now);
    }
    if (count > 0) {
      port.flush();
      line.release();
    }
    return count > 0;
  }

  private void send(
      PacketBatch from, int slot, LoadTalker talker, long number, int copies, long due, long now) {
    talker.times().put(number, due, now);
    talker.countSent();
    mostLateNanos = Math.max(mostLateNanos, now - due);
    for (int i = 0; i < copies; i++) {
      port.send(from, slot, talker.destination());
    }
  }

  private void sayBye() {
    for (LoadTalker talker : talkers) {
      batch.clear();
      talker.addBye(batch);
      protect();
      port.send(batch, 0, talker.destination());
      port.flush();
    }
  }
}
