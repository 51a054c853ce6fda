package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.gateway.media.BareLab.CountingPort;

/// Our own part of a packet's way allocates nothing, forwarded or re-keyed or refused.
class PipelineAllocationTest {
  private static final int RECEIVERS = 10;
  private static final int BATCHES = 4000;

  private final BareLab lab = new BareLab();
  private final CountingPort port = new CountingPort();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void allocatesNothingForAForwardedPacket() throws Exception {
    long octets =
        lab.loop
            .submit(() -> {
              GroupMedia group = group(port);
              group.install(BareLab.talker().burst(1));
              return measure(BareLab.MKI);
            })
            .get();
    assertThat(port.sent()).isEqualTo(2L * BATCHES * ReceivedBatch.SLOTS * RECEIVERS);
    assertThat(octets).isLessThan(BATCHES);
  }

  @Test
  void allocatesNothingForARekeyedPacket() throws Exception {
    CountingPort other = new CountingPort();
    long octets =
        lab.loop
            .submit(() -> {
              GroupMedia group = group(port);
              Burst in = BareLab.talker().burst(1);
              group.install(in);
              TestTalker out = new TestTalker(BareLab.NO_CIPHER, TestTalker.CM, 5, 6);
              group.rekey(
                  in,
                  group(other),
                  out.burst(2),
                  List.of(new RekeyedStream(BareLab.SSRC, 5, out.session(), 9)));
              return measure(BareLab.MKI);
            })
            .get();
    assertThat(other.sent()).isEqualTo(2L * BATCHES * ReceivedBatch.SLOTS * RECEIVERS);
    assertThat(octets).isLessThan(BATCHES);
  }

  @Test
  void allocatesNothingForAFloodUnderTheWrongKey() throws Exception {
    long octets =
        lab.loop
            .submit(() -> {
              GroupMedia group = group(port);
              group.install(BareLab.talker().burst(1));
              return measure(BareLab.MKI + 1);
            })
            .get();
    assertThat(port.sent()).isZero();
    assertThat(octets).isLessThan(BATCHES);
  }

  private GroupMedia group(CountingPort through) throws PortUnavailable {
    return lab.group(through, RECEIVERS, MediaTap.none());
  }

  /// Octets that this thread allocates for the second half of the batches.
  private long measure(int mki) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ReceivedBatch batch = BareLab.packets(ReceivedBatch.SLOTS, mki);
    int seq = 0;
    for (int i = 0; i < BATCHES; i++, seq += ReceivedBatch.SLOTS) {
      BareLab.number(batch, seq);
      port.receive(batch);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < BATCHES; i++, seq += ReceivedBatch.SLOTS) {
      BareLab.number(batch, seq);
      port.receive(batch);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
