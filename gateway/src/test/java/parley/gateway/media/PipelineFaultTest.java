package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.gateway.media.BareLab.CountingPort;
import parley.srtp.PacketBatch;

/// A fault in one step of the pipeline leaves nothing queued: what is queued points into memory
/// that the next batch overwrites, perhaps with packets of another group.
class PipelineFaultTest {
  private final BareLab lab = new BareLab();
  private final CountingPort in = new CountingPort();
  private final CountingPort out = new CountingPort();

  @AfterEach
  void close() {
    lab.close();
  }

  private static final class FaultyTap implements MediaTap {
    private boolean works;

    @Override
    public void burstStarted(Burst burst) {}

    @Override
    public void announcement(Burst burst, byte[] octets, long receivedUnixNanos) {}

    @Override
    public void packet(
        Burst burst,
        Stream stream,
        PacketBatch sealed,
        PacketBatch plain,
        int slot,
        long receivedUnixNanos) {
      if (!works) {
        throw new IllegalStateException("a fault, as this test wants it");
      }
    }

    @Override
    public void rtcp(
        Burst burst,
        Stream stream,
        PacketBatch sealed,
        PacketBatch plain,
        int slot,
        long receivedUnixNanos) {}

    @Override
    public void burstEnded(Burst burst, BurstEnd why) {}
  }

  private static ReceivedBatch packets(int firstSeq) {
    ReceivedBatch batch = BareLab.packets(2, BareLab.MKI);
    BareLab.number(batch, firstSeq);
    return batch;
  }

  @Test
  void aFaultyTapLeavesNothingQueued() throws Exception {
    lab.loop
        .submit(() -> {
          lab.group(in, 1, new FaultyTap()).install(BareLab.talker().burst(1));
          assertThatThrownBy(() -> in.receive(packets(0))).hasMessageContaining("a fault");
          return in;
        })
        .get();
    assertThat(in.queued()).isZero();
    assertThat(in.sent()).isEqualTo(2);
  }

  @Test
  void aFaultyTapOfTheDestinationLeavesNothingQueuedThere() throws Exception {
    FaultyTap tap = new FaultyTap();
    lab.loop
        .submit(() -> {
          GroupMedia source = lab.group(in, 1, MediaTap.none());
          Burst burst = BareLab.talker().burst(1);
          source.install(burst);
          TestTalker rekeyed = new TestTalker(BareLab.NO_CIPHER, TestTalker.CM, 5, 6);
          source.rekey(
              burst,
              lab.group(out, 1, tap),
              rekeyed.burst(2),
              List.of(new RekeyedStream(BareLab.SSRC, 5, rekeyed.session(), 9)));
          assertThatThrownBy(() -> in.receive(packets(0))).hasMessageContaining("a fault");
          assertThat(out.queued()).isZero();
          tap.works = true;
          long before = out.sent();
          in.receive(packets(2));
          assertThat(out.sent()).as("only what is new").isEqualTo(before + 2);
          return in;
        })
        .get();
    assertThat(out.queued()).isZero();
  }
}
