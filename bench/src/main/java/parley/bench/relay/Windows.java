package parley.bench.relay;

import java.io.IOException;
import java.time.Duration;

/// Sends windows, one after the other.
public final class Windows {
  /// Until what is on its way has arrived: ticks of a millisecond, full socket buffers.
  private static final Duration ARRIVAL = Duration.ofMillis(150);

  private static final int CHECK_TRIES = 20;
  private static final Duration BACKLOG = Duration.ofSeconds(1);

  private final Testbed bed;
  private final Sender sender;

  public Windows(Testbed bed) throws IOException {
    this.bed = bed;
    this.sender = Sender.open(bed);
  }

  Window run(Running relay, double rate, double seconds) throws IOException, InterruptedException {
    return run(relay, rate, (int) Math.round(rate * seconds));
  }

  /// Windows of so many packets until every receiver hears every stream, or it is enough.
  ///
  /// @return how many pairs of stream and receiver stay silent
  public int untilHeard(Running relay, double rate, int packets)
      throws IOException, InterruptedException {
    int silent = -1;
    for (int i = 0; i < CHECK_TRIES && silent != 0; i++) {
      if (i > 0) {
        Thread.sleep(BACKLOG); // a cold relay works off what came before it knew the keys
      }
      silent = run(relay, rate, packets).received().silent();
    }
    return silent;
  }

  public Window run(Running relay, double rate, int packets)
      throws IOException, InterruptedException {
    int count = Math.clamp(packets, 1, bed.window().slots());
    Traffic traffic = relay.traffic();
    int timestamp = traffic.timestamp();
    traffic.fill(bed.window(), count);
    relay.receiver().begin(timestamp, count, traffic.streams());
    long allocated = relay.allocatedOctets();
    long cpu = relay.cpuNanos();
    long next = relay.nextCpuNanos();
    long elapsed = sender.send(relay.port(), count, rate);
    Thread.sleep(ARRIVAL);
    long cpuUsed = relay.cpuNanos() - cpu;
    long nextUsed = relay.nextCpuNanos() - next;
    long allocatedNow = relay.allocatedOctets();
    Received received = relay.receiver().end();
    return new Window(
        count,
        relay.receiver().ports(),
        rate,
        elapsed,
        cpuUsed,
        nextUsed,
        allocated < 0 ? -1 : allocatedNow - allocated,
        received);
  }
}
