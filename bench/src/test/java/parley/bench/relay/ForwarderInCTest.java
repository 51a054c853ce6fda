package parley.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Needs a C compiler: says so where there is none, and fails in CI.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ForwarderInCTest {
  private static final int PACKETS = 1000;
  private static final int TRIES = 10;

  private static Testbed testbed() throws Exception {
    try {
      return Testbed.open(Path.of("src/main/c"));
    } catch (Unavailable e) {
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        throw e;
      }
      System.err.println("SKIPPED: " + e.getMessage());
      return abort(e.getMessage());
    }
  }

  /// A window of which nothing was still under way when it was closed: a busy machine needs more
  /// than one.
  private static Window whole(Windows windows, Running relay, int fanout) throws Exception {
    Window window = windows.run(relay, 2000, PACKETS);
    for (int i = 1; i < TRIES && window.received().packets() < (long) fanout * PACKETS; i++) {
      window = windows.run(relay, 2000, PACKETS);
    }
    return window;
  }

  @Test
  void everyReceiverGetsEveryPacketUnchanged() throws Exception {
    try (Testbed bed = testbed()) {
      var windows = new Windows(bed);
      for (String wake : new String[] {"epoll", "tick"}) {
        Running relay = new ForwarderInC(wake).start(bed, 3);
        Window window = whole(windows, relay, 3);
        assertThat(window.received().packets()).as(wake).isEqualTo(3 * PACKETS);
        assertThat(window.received().duplicates()).isZero();
        assertThat(window.received().silent()).isZero();
        assertThat(window.received().p50Nanos()).isPositive();
        assertThat(window.cpuNanos()).isPositive();
        int first = relay.traffic().timestamp() - PACKETS * PacketSource.TICKS;
        assertThat(relay.check().of(relay.receiver().sample(), bed.window(), first)).isNull();
        relay.close();
      }
    }
  }

  @Test
  void whatIsSentBesidesTheWindowIsNotCounted() throws Exception {
    try (Testbed bed = testbed()) {
      var windows = new Windows(bed);
      Running direct = new DirectPath().start(bed, 1);
      assertThat(whole(windows, direct, 1).received().packets()).isEqualTo(PACKETS);
      direct.receiver().begin(direct.traffic().timestamp(), PACKETS, 1);
      Sender.open(bed).send(direct.port(), PACKETS, 10_000);
      Received received = direct.receiver().end();
      assertThat(received.packets()).isZero();
      assertThat(received.strays()).isBetween(1L, (long) PACKETS);
    }
  }
}
