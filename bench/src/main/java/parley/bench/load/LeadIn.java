package parley.bench.load;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import parley.gateway.media.MediaPort;
import parley.srtp.CipherEngine;
import parley.srtp.PacketBatch;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// What the talkers say while listeners join, so that each hears something at once: a packet each
/// 20 ms as in speech, or less where the load is less. None of it counts, and the wire is a good
/// one.
///
/// Confined to the loop of its port, which it shares.
final class LeadIn implements Runnable {
  private static final int BATCH = 64;
  private static final int SLOT_OCTETS = 2048;
  private static final double PACKETS_PER_SECOND = 50;
  private static final double NANOS = 1e9;

  private final LoadSettings settings;
  private final List<LoadTalker> talkers;
  private final MediaPort port;
  private final SrtpTransform transform;
  private final PacketBatch batch = PacketBatch.allocate(BATCH, SLOT_OCTETS);
  private final long startNanos = System.nanoTime();
  private long next;

  private LeadIn(
      LoadSettings settings, List<LoadTalker> talkers, MediaPort port, CipherEngine engine) {
    this.settings = settings;
    this.talkers = talkers;
    this.port = port;
    this.transform = new SrtpTransform(engine, BATCH);
  }

  /// Speaks until what it returns is cancelled; nothing counts until the [Pacer] begins.
  static Future<?> start(
      LoadSettings settings,
      List<LoadTalker> talkers,
      MediaPort port,
      EventLoop loop,
      CipherEngine engine) {
    talkers.forEach(LoadTalker::countNothing);
    var leadIn = new LeadIn(settings, talkers, port, engine);
    return loop.scheduleAtFixedRate(leadIn, 0, 1, TimeUnit.MILLISECONDS);
  }

  /// From one packet of a talker to its next.
  static long stepNanos(LoadSettings settings, int talkers) {
    return (long) (NANOS * talkers / rate(settings, talkers));
  }

  private static double rate(LoadSettings settings, int talkers) {
    return Math.min(settings.rate(), PACKETS_PER_SECOND * talkers);
  }

  @Override
  public void run() {
    double rate = rate(settings, talkers.size());
    long due = 1 + (long) ((System.nanoTime() - startNanos) * rate / NANOS);
    while (next < due) {
      batch.clear();
      int first = (int) (next % talkers.size());
      while (next < due && batch.size() < BATCH) {
        var _ = talkers.get((int) (next++ % talkers.size())).add(batch, settings.payloadOctets());
      }
      transform.protect(batch, batch);
      for (int slot = 0; slot < batch.size(); slot++) {
        if (batch.verdict(slot) == Verdict.ACCEPTED) {
          LoadTalker talker = talkers.get((first + slot) % talkers.size());
          port.send(batch, slot, talker.destination());
        }
      }
      port.flush();
    }
  }
}
