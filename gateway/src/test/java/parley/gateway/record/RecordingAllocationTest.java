package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// A packet's way from the loop through the queue into a block allocates nothing; a block that is
/// written costs some objects, once for hundreds of packets.
class RecordingAllocationTest {
  private static final int PACKETS_IN_A_TURN = 500;
  private static final int TURNS = 400;
  private static final int OCTETS = 186;
  private static final int BLOCK_OCTETS = 1 << 20;

  /// Takes everything and keeps nothing.
  private static final class NoDisk implements RecordingStorage {
    private long blocks;

    @Override
    public Sink create(RecordingHeader header) {
      return new Sink() {
        @Override
        public Path path() {
          return Path.of("nowhere");
        }

        @Override
        public boolean isInPlace() {
          return true;
        }

        @Override
        public void write(ByteBuffer octets, long position) {
          blocks++;
        }

        @Override
        public void close() {}
      };
    }
  }

  private final NoDisk disk = new NoDisk();
  private final PacketRing ring = new PacketRing(1 << 20);
  private final MemorySegment packet = MemorySegment.ofArray(new byte[OCTETS]);
  private final BurstWriter writer =
      new BurstWriter(
          new RecordingFile(RecordingFileTest.header(), disk, BLOCK_OCTETS),
          new WriterCounters(),
          RecorderEvents.logging(),
          new DiskAlarm(RecorderEvents.logging(), 0, () -> 0),
          Long.MAX_VALUE);
  private final PacketRing.Reader reader =
      (_, kind, nanos, index, octets) -> writer.record(kind, nanos, index, octets, 0);

  RecordingAllocationTest() throws NotARecording {}

  private void turns() {
    for (int turn = 0; turn < TURNS; turn++) {
      for (int i = 0; i < PACKETS_IN_A_TURN; i++) {
        assertThatOffered(ring.offer(1000, RecordType.SRTP.number(), i, i, packet, 0, OCTETS));
      }
      int drained = ring.drain(ring.published(), reader);
      assertThatOffered(drained == PACKETS_IN_A_TURN);
    }
  }

  private static void assertThatOffered(boolean held) {
    if (!held) {
      throw new AssertionError("the queue is too small");
    }
  }

  @Test
  void aPacketOnItsWayIntoABlockAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    writer.start(0);
    turns();
    long blocks = disk.blocks;
    long before = threads.getCurrentThreadAllocatedBytes();
    turns();
    long octets = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(disk.blocks).isGreaterThan(blocks);
    assertThat(octets).isLessThan((long) TURNS * PACKETS_IN_A_TURN);
  }
}
