package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.srtp.PacketBatch;

/// What the kernel would read in a ring: cut apart as it cuts, it is what was queued.
class SendRingTest {
  private static final int SLOTS = 64;

  private record Datagram(Destination to, byte octet, int length) {}

  private final PacketBatch batch = PacketBatch.allocate(SLOTS, 2048);
  private final Random random = new Random(20261124);

  private static Destination receiver(int port) {
    return Destination.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private void fill(int... lengths) {
    for (int length : lengths) {
      byte[] octets = new byte[length];
      Arrays.fill(octets, (byte) (batch.size() + 1));
      batch.add(octets);
    }
  }

  private Datagram queue(SendRing ring, int slot, Destination to) {
    ring.add(batch, slot, to);
    return new Datagram(to, (byte) (slot + 1), batch.length(slot));
  }

  /// Reads the headers as udp(7) has it.
  private static List<Datagram> sent(SendRing ring) {
    List<Datagram> sent = new ArrayList<>();
    for (int message = 0; message < ring.size(); message++) {
      MemorySegment header = at(ring.address(message), MessageHeader.MESSAGE_OCTETS);
      int vectors = (int) header.get(JAVA_LONG, MessageHeader.VECTORS);
      int before = sent.size();
      MemorySegment list =
          at(
              header.get(JAVA_LONG, MessageHeader.VECTOR),
              (long) vectors * MessageHeader.VECTOR_OCTETS);
      for (int i = 0; i < vectors; i++) {
        int length = (int) list.get(JAVA_LONG, i * 16L + 8);
        byte octet = length == 0 ? 0 : at(list.get(JAVA_LONG, i * 16L), length).get(JAVA_BYTE, 0);
        sent.add(new Datagram(ring.to(message), octet, length));
      }
      assertThat(vectors).isEqualTo(ring.datagrams(message));
      isCutAsItWasQueued(header, sent.subList(before, sent.size()));
    }
    return sent;
  }

  private static void isCutAsItWasQueued(MemorySegment header, List<Datagram> parts) {
    long control = header.get(JAVA_LONG, MessageHeader.CONTROL_OCTETS);
    if (parts.size() == 1) {
      assertThat(control).isZero();
      return;
    }
    assertThat(control).isEqualTo(24);
    MemorySegment segment = at(header.get(JAVA_LONG, MessageHeader.CONTROL), 24);
    assertThat(segment.get(JAVA_LONG, 0)).isEqualTo(18);
    assertThat(segment.get(JAVA_INT, 8)).isEqualTo(ControlMessages.SOL_UDP);
    assertThat(segment.get(JAVA_INT, 12)).isEqualTo(ControlMessages.UDP_SEGMENT);
    int size = Short.toUnsignedInt(segment.get(JAVA_SHORT, 16));
    assertThat(parts.subList(0, parts.size() - 1)).extracting(Datagram::length).containsOnly(size);
    assertThat(parts.getLast().length()).isBetween(1, size);
    assertThat(parts).hasSizeLessThanOrEqualTo(SendRing.MOST_SEGMENTS);
    assertThat(parts.stream().mapToInt(Datagram::length).sum()).isLessThanOrEqualTo(65_507);
  }

  @SuppressWarnings("restricted") // reads what the kernel would
  private static MemorySegment at(long address, long octets) {
    return MemorySegment.ofAddress(address).reinterpret(octets);
  }

  @Test
  void aRunEndsWithTheReceiverALongerDatagramOrAShorterOne() {
    fill(100, 100, 100, 60, 60, 100, 120);
    SendRing ring = new SendRing(false, true);
    Destination one = receiver(5004);
    Destination other = receiver(5006);
    List<Datagram> queued = new ArrayList<>();
    for (int slot = 0; slot < batch.size(); slot++) {
      queued.add(queue(ring, slot, one));
    }
    queued.add(queue(ring, 6, other));
    assertThat(sent(ring)).isEqualTo(queued);
    assertThat(ring.size()).as("100 100 100 60 | 60 | 100 | 120 | 120").isEqualTo(5);
    assertThat(ring.datagrams(0)).isEqualTo(4);
  }

  @Test
  void anEmptyDatagramIsAMessageOfItsOwn() {
    fill(100, 0, 100, 0, 0);
    SendRing ring = new SendRing(false, true);
    Destination one = receiver(5004);
    for (int slot = 0; slot < batch.size(); slot++) {
      ring.add(batch, slot, one);
    }
    assertThat(ring.size()).isEqualTo(5);
  }

  @Test
  void aKernelThatDoesNotCutGetsADatagramAMessage() {
    fill(100, 100);
    SendRing ring = new SendRing(false, false);
    Destination one = receiver(5004);
    List<Datagram> queued = List.of(queue(ring, 0, one), queue(ring, 1, one));
    assertThat(sent(ring)).isEqualTo(queued);
    assertThat(ring.size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whateverIsQueuedComesOutInItsOrderHoweverTheRingGrows(boolean isIpv6) {
    while (batch.size() < SLOTS) {
      fill(1 + random.nextInt(3) * 900);
    }
    List<Destination> receivers = List.of(receiver(1), receiver(2), receiver(3));
    SendRing ring = new SendRing(isIpv6, true);
    for (int round = 0; round < 20; round++) {
      List<Datagram> queued = new ArrayList<>();
      while (!ring.isFull() && queued.size() < 200 * round) {
        Destination to = receivers.get(random.nextInt(receivers.size()));
        int slot = random.nextInt(SLOTS);
        int row = 1 + random.nextInt(100);
        for (int i = 0; i < row && !ring.isFull(); i++) {
          queued.add(queue(ring, slot, to));
        }
      }
      assertThat(sent(ring)).isEqualTo(queued);
      ring.clear();
    }
  }
}
