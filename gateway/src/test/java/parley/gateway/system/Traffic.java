package parley.gateway.system;

import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabTalker;

/// A burst that goes on in the background, and its one receiver, who counts.
///
/// No more packets are under way at once than the smallest socket buffer holds, so that none is
/// lost by the machine, however slow; one that the gateway loses stops the traffic, and the test
/// fails.
final class Traffic implements AutoCloseable {
  private static final int UNDER_WAY = 16;
  private static final byte MIKEY = 1;
  private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

  private final LabTalker talker;
  private final InetSocketAddress to;
  private final LabEar mouth = new LabEar();
  private final LabEar ear;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final AtomicInteger heard = new AtomicInteger();
  private final Future<Integer> sent;
  private volatile boolean over;

  /// Begins when the burst runs: its announcement was heard by `ear`.
  Traffic(LabTalker talker, InetSocketAddress to, LabEar ear) throws Exception {
    this.talker = talker;
    this.to = to;
    this.ear = ear;
    mouth.send(talker.announce(), to);
    if (ear.hear()[0] != MIKEY) {
      throw new AssertionError("media before its announcement");
    }
    sent = thread.submit(this::talk);
  }

  private int talk() throws Exception {
    int packets = 0;
    long nextRepeat = System.nanoTime() + REPEAT_NANOS;
    while (!over || heard.get() < packets) {
      while (!over && packets - heard.get() < UNDER_WAY) {
        mouth.send(talker.packet(++packets), to);
      }
      if (System.nanoTime() - nextRepeat > 0) {
        mouth.send(talker.announce(), to);
        nextRepeat += REPEAT_NANOS;
      }
      if (ear.hear()[0] != MIKEY) {
        heard.incrementAndGet();
      }
    }
    return packets;
  }

  /// Returns when so many more packets have arrived.
  void flow(int more) throws Exception {
    int goal = heard.get() + more;
    Await.until(
        more + " more packets",
        () -> {
          if (sent.isDone()) {
            sent.get();
          }
          return heard.get() >= goal;
        });
  }

  int heard() {
    return heard.get();
  }

  /// Stops talking when everything has arrived; how many packets that were.
  int stop() throws Exception {
    over = true;
    return sent.get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    over = true;
    thread.shutdownNow();
    mouth.close();
  }
}
