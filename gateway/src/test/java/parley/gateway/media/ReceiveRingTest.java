package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// Control messages are read by their own lengths, and never past the room that is theirs.
class ReceiveRingTest {
  private static final int FD = 77;
  private static final int TIME_OCTETS = 32;
  private static final int OVERFLOW_OCTETS = 20;

  /// One packet for each call, with the control messages that a test writes.
  private static final class WritingKernel extends LinuxCalls {
    long length;
    long firstOctets;
    int level = ControlMessages.SOL_SOCKET;
    int type = ControlMessages.SO_TIMESTAMPNS;
    int next;

    @Override
    @SuppressWarnings("restricted") // as the kernel does: by address
    int receive(int fd, long messages, int most) {
      int octets = MessageHeader.MESSAGE_OCTETS;
      MemorySegment message = MemorySegment.ofAddress(messages).reinterpret((long) most * octets);
      for (int slot = 0; slot < most; slot++) {
        long at = (long) slot * octets;
        MemorySegment control =
            MemorySegment.ofAddress(message.get(JAVA_LONG, at + MessageHeader.CONTROL))
                .reinterpret(message.get(JAVA_LONG, at + MessageHeader.CONTROL_OCTETS));
        control.set(JAVA_LONG, 0, firstOctets);
        control.set(JAVA_INT, 8, level);
        control.set(JAVA_INT, 12, type);
        control.set(JAVA_LONG, 16, 5);
        control.set(JAVA_LONG, 24, 7);
        control.set(JAVA_LONG, 32, OVERFLOW_OCTETS);
        control.set(JAVA_INT, 40, ControlMessages.SOL_SOCKET);
        control.set(JAVA_INT, 44, ControlMessages.SO_RXQ_OVFL);
        control.set(JAVA_INT, 48, next);
        message.set(JAVA_LONG, at + MessageHeader.CONTROL_OCTETS, length);
        message.set(JAVA_INT, at + MessageHeader.RECEIVED, 1);
      }
      return most;
    }
  }

  private final WritingKernel kernel = new WritingKernel();
  private final ReceivedBatch batch = new ReceivedBatch();
  private final UnixNanos clock = new UnixNanos();
  private final ReceiveRing ring = new ReceiveRing(batch, clock);

  private long timeOf(long length, long firstOctets) {
    kernel.length = length;
    kernel.firstOctets = firstOctets;
    batch.clear();
    assertThat(ring.read(kernel, FD, ReceivedBatch.SLOTS)).isEqualTo(ReceivedBatch.SLOTS);
    return batch.receivedUnixNanos(ReceivedBatch.SLOTS - 1);
  }

  @Test
  void readsTimeAndDrops() {
    kernel.next = 3;
    assertThat(timeOf(56, TIME_OCTETS)).isEqualTo(5_000_000_007L);
    assertThat(ring.takeOverflow()).isEqualTo(3);
    assertThat(ring.takeOverflow()).isZero();
  }

  @Test
  void whatIsCutShortOrLiesAboutItsLengthIsNoMessage() {
    long now = clock.now();
    kernel.next = 3;
    for (long octets : new long[] {Long.MIN_VALUE, -1, 0, 15, 16, 24, 97, Long.MAX_VALUE}) {
      for (long length : new long[] {Long.MIN_VALUE, 0, 15, 16, 31, 96, 97, Long.MAX_VALUE}) {
        assertThat(timeOf(length, octets)).as("%d in %d", octets, length).isGreaterThan(now);
      }
    }
    ring.takeOverflow();
    assertThat(timeOf(TIME_OCTETS + 16, TIME_OCTETS)).isEqualTo(5_000_000_007L);
    assertThat(ring.takeOverflow()).as("its value is cut off").isZero();
  }

  @Test
  void theSameNumberOfAnotherLevelIsAnotherMessage() {
    kernel.level = 0;
    kernel.type = ControlMessages.SO_RXQ_OVFL;
    timeOf(TIME_OCTETS, TIME_OCTETS);
    assertThat(ring.takeOverflow()).isZero();
  }
}
