package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.gateway.media.BareLab.CountingPort;
import parley.srtp.PacketBatch;

/// A fault of a tap or of keying costs what it was about and nothing else. Whatever goes wrong,
/// nothing stays queued: what is queued points into memory that the next batch overwrites, perhaps
/// with packets of another group.
class PipelineFaultTest {
  private final BareLab lab = new BareLab();
  private final CountingPort in = new CountingPort();
  private final CountingPort out = new CountingPort();
  private final HeardEvents events = new HeardEvents();
  private final FlawedTap tap = new FlawedTap();

  @AfterEach
  void close() {
    lab.close();
  }

  private <T> T onLoop(Callable<T> command) throws InterruptedException, ExecutionException {
    return lab.loop.submit(command).get();
  }

  /// Fails once with each of these, then hears what is told.
  private static final class FlawedTap implements MediaTap {
    private final List<Throwable> faults = new ArrayList<>();
    private final List<Object> heard = new ArrayList<>();

    private void hear(Object what) {
      switch (faults.isEmpty() ? null : faults.removeFirst()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> heard.add(what);
      }
    }

    @Override
    public void burstStarted(Burst burst) {
      hear("start");
    }

    @Override
    public void announcement(Burst burst, byte[] octets, long receivedUnixNanos) {
      hear("announcement");
    }

    @Override
    public void packet(
        Burst burst,
        Stream stream,
        PacketBatch sealed,
        PacketBatch plain,
        int slot,
        long receivedUnixNanos) {
      hear(slot);
    }

    @Override
    public void rtcp(
        Burst burst,
        Stream stream,
        PacketBatch sealed,
        PacketBatch plain,
        int slot,
        long receivedUnixNanos) {
      hear(slot);
    }

    @Override
    public void burstEnded(Burst burst, BurstEnd why) {
      hear("end");
    }
  }

  private static final class HeardEvents implements MediaEvents {
    private final List<Burst> begun = new ArrayList<>();

    @Override
    public void bye(Burst burst) {}

    @Override
    public void unknownStream(int ssrc, int mki, InetSocketAddress source) {}

    @Override
    public void ivReuse(Burst burst, int ssrc) {}

    @Override
    public void firstPacket(Burst burst) {
      begun.add(burst);
    }
  }

  private static RuntimeException fault() {
    return new IllegalStateException("a fault, as this test wants it");
  }

  private static ReceivedBatch packets(int count, int firstSeq) {
    ReceivedBatch batch = BareLab.packets(count, BareLab.MKI);
    BareLab.number(batch, firstSeq);
    return batch;
  }

  private GroupMedia group(MediaTap heardBy, MikeySink sink) throws PortUnavailable {
    GroupMedia group = lab.group(in, 1, heardBy, sink, events);
    group.install(BareLab.talker().burst(1));
    tap.heard.clear();
    return group;
  }

  @Test
  void aFaultOfATapCostsThatPacketItsRecordingAndNothingElse() throws Exception {
    GroupMedia group =
        onLoop(() -> {
          GroupMedia made = group(tap, (_, _, _, _, _) -> {});
          tap.faults.add(fault());
          in.receive(packets(3, 0));
          return made;
        });
    assertThat(in.sent()).isEqualTo(3);
    assertThat(tap.heard).containsExactly(1, 2);
    assertThat(events.begun).as("keying is told").hasSize(1);
    assertThat(group.counters().dropped(DropReason.TAP_FAULT)).isEqualTo(1);
  }

  @Test
  void aFaultOfOneTapCostsTheOthersNothing() throws Exception {
    FlawedTap behind = new FlawedTap();
    onLoop(() -> {
      group(MediaTap.of(tap, behind), (_, _, _, _, _) -> {});
      behind.heard.clear();
      tap.faults.add(fault());
      in.receive(packets(2, 0));
      return in;
    });
    assertThat(behind.heard).containsExactly(0, 1);
    assertThat(tap.heard).containsExactly(1);
  }

  @Test
  void aTapThatFailsAtBeginAndEndStopsNoBurst() throws Exception {
    GroupMedia group =
        onLoop(() -> {
          GroupMedia made = lab.group(in, 1, tap, (_, _, _, _, _) -> {}, events);
          Burst burst = BareLab.talker().burst(1);
          tap.faults.add(fault());
          made.install(burst);
          in.receive(packets(1, 0));
          tap.faults.add(fault());
          made.retire(burst, BurstEnd.BYE);
          in.receive(packets(1, 1));
          return made;
        });
    assertThat(in.sent()).as("before the end, not after it").isEqualTo(1);
    assertThat(group.counters().dropped(DropReason.TAP_FAULT)).isEqualTo(2);
  }

  @Test
  void aFaultOfKeyingCostsThatMessageAndNothingElse() throws Exception {
    GroupMedia group =
        onLoop(() -> {
          GroupMedia made =
              group(
                  tap,
                  (_, _, _, _, _) -> {
                    throw fault();
                  });
          ReceivedBatch batch = packets(3, 0);
          batch.packets().buffer().put(batch.packets().offset(1), (byte) 1);
          in.receive(batch);
          return made;
        });
    assertThat(in.sent()).isEqualTo(2);
    assertThat(tap.heard).containsExactly(0, 2);
    assertThat(group.counters().dropped(DropReason.MIKEY_FAULT)).isEqualTo(1);
    assertThat(group.counters().legs().getFirst().dropped(DropReason.MIKEY_FAULT)).isEqualTo(1);
  }

  @Test
  void whatIsNotContainedLeavesNothingQueued() throws Exception {
    onLoop(() -> {
      group(tap, (_, _, _, _, _) -> {});
      tap.faults.add(new AssertionError("worse than a fault"));
      assertThatThrownBy(() -> in.receive(packets(2, 0))).hasMessageContaining("worse");
      return in;
    });
    assertThat(in.queued()).isZero();
    assertThat(in.sent()).isEqualTo(2);
  }

  private GroupMedia rekeyed() throws PortUnavailable {
    GroupMedia source = lab.group(in, 1, MediaTap.none());
    Burst burst = BareLab.talker().burst(1);
    source.install(burst);
    GroupMedia destination = lab.group(out, 1, tap);
    TestTalker rekeyed = new TestTalker(BareLab.NO_CIPHER, TestTalker.CM, 5, 6);
    source.rekey(
        burst,
        destination,
        rekeyed.burst(2),
        List.of(new RekeyedStream(BareLab.SSRC, 5, rekeyed.session(), 9)));
    tap.heard.clear();
    return destination;
  }

  @Test
  void aFaultOfATapOfTheDestinationCostsThatPacketItsRecordingThere() throws Exception {
    GroupMedia destination =
        onLoop(() -> {
          GroupMedia made = rekeyed();
          tap.faults.add(fault());
          in.receive(packets(2, 0));
          return made;
        });
    assertThat(in.sent()).isEqualTo(2);
    assertThat(out.sent()).isEqualTo(2);
    assertThat(tap.heard).containsExactly(1);
    assertThat(destination.counters().dropped(DropReason.TAP_FAULT)).isEqualTo(1);
  }

  @Test
  void whatIsNotContainedInTheDestinationLeavesNothingQueuedThere() throws Exception {
    onLoop(() -> {
      rekeyed();
      tap.faults.add(new AssertionError("worse than a fault"));
      assertThatThrownBy(() -> in.receive(packets(2, 0))).hasMessageContaining("worse");
      assertThat(out.queued()).isZero();
      long before = out.sent();
      in.receive(packets(2, 2));
      assertThat(out.sent()).as("only what is new").isEqualTo(before + 2);
      return in;
    });
    assertThat(out.queued()).isZero();
  }
}
