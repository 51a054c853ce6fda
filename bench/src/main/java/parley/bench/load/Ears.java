package parley.bench.load;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.PortUnavailable;
import parley.mikey.eccsi.EccsiVerifier;
import parley.srtp.CipherEngine;
import parley.srtp.PacketBatch;
import parley.srtp.SrtpTransform;

/// All listeners of the load: their sockets on one loop, and what they share.
final class Ears implements AutoCloseable {
  /// As many packets as a port brings at once.
  private static final int BATCH = 64;

  private static final int SLOT_OCTETS = 2048;
  private static final int KNOWN_SIGNERS = 1024;

  private final SrtpTransform transform;
  private final PacketBatch plain = PacketBatch.allocate(BATCH, SLOT_OCTETS);
  private final Latencies latencies;
  private final ExecutorService aside =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("load-verify").factory());
  private final List<LoadListener> listeners = new ArrayList<>();
  private final List<LoadListener> counted = new ArrayList<>();
  private final List<AnnouncementJudge> judges = new ArrayList<>();

  private Ears(CipherEngine engine, Latencies latencies) {
    this.transform = new SrtpTransform(engine, BATCH);
    this.latencies = latencies;
  }

  /// Binds a socket for each listener of each talker's group.
  static Ears open(
      List<LoadTalker> talkers,
      MediaTransport transport,
      EventLoop loop,
      CipherEngine engine,
      Latencies latencies)
      throws LoadFailed {
    var ears = new Ears(engine, latencies);
    var verifier = new EccsiVerifier(KNOWN_SIGNERS);
    try {
      for (LoadTalker talker : talkers) {
        var judge = new AnnouncementJudge(talker, engine, verifier, loop, ears.aside);
        ears.judges.add(judge);
        for (Leg leg : talker.group().listen()) {
          ears.listeners.add(new LoadListener(leg, judge, ears, transport, loop));
        }
      }
      ears.listeners.forEach(LoadListener::start);
      ears.counted.addAll(ears.listeners);
      return ears;
    } catch (PortUnavailable e) {
      ears.close();
      throw new LoadFailed("a listener has no port: " + e.getMessage(), e);
    }
  }

  /// Those that count.
  List<LoadListener> listeners() {
    return counted;
  }

  /// From now on this one does not count, whatever comes to it. The thread that asks for counts.
  void leaveOut(LoadListener listener) {
    listener.leaveOut();
    counted.remove(listener);
  }

  Latencies latencies() {
    return latencies;
  }

  /// On the loop; what is in clear is not kept.
  void unprotect(PacketBatch batch) {
    transform.unprotect(batch, plain);
  }

  /// Over all listeners that count.
  long count(Heard heard) {
    long sum = 0;
    for (LoadListener listener : counted) {
      sum += listener.tally().of(heard);
    }
    return sum;
  }

  /// What would have come, had nothing been lost.
  long expected() {
    long sum = 0;
    for (LoadListener listener : counted) {
      sum += listener.talker().sent();
    }
    return sum;
  }

  @Override
  public void close() {
    listeners.forEach(LoadListener::close);
    aside.close();
    judges.forEach(AnnouncementJudge::close);
  }
}
