package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A queue wakes its writer before it is full, and not for every packet.
class LaneTest {
  private static final int CAPACITY = 4096;
  private static final int PACKET = 200;
  private static final int RECORD = PACKET + PacketRing.RECORD_HEADER_OCTETS;

  private final Semaphore woken = new Semaphore(0);
  private final Thread writer = Thread.ofPlatform().daemon().start(this::countWakeUps);
  private final Lane lane = new Lane(CAPACITY, writer);

  private void countWakeUps() {
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.park(this);
      woken.release();
    }
  }

  @AfterEach
  void stop() throws Exception {
    writer.interrupt();
    writer.join();
  }

  @Test
  void wakesItsWriterOnceWhenItIsHalfFull() throws Exception {
    for (int round = 0; round < 3; round++) {
      int half = CAPACITY / 2 / RECORD;
      putPackets(half);
      assertThat(lane.ring.isHalfFull()).isFalse();
      assertThat(woken.availablePermits()).isZero();
      putPackets(1);
      assertThat(woken.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      putPackets(CAPACITY / RECORD - half - 1 - 1); // and the end of the memory may be skipped
      assertThat(woken.availablePermits()).isZero();
      lane.ring.drain(lane.ring.published(), (_, _, _, _, _) -> {});
    }
  }

  private void putPackets(int packets) {
    for (int i = 0; i < packets; i++) {
      MemorySegment octets = MemorySegment.ofArray(new byte[PACKET]);
      assertThat(lane.ring.offer(1, RecordType.SRTP.number(), i, i, octets, 0, PACKET)).isTrue();
      lane.wakeInTime();
    }
  }
}
