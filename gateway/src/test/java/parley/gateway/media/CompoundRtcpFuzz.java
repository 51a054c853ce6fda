package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import parley.srtp.PacketBatch;

/// Whatever an authenticated talker writes into RTCP, only its SSRC is renamed, inside the packet,
/// and a packet that is passed on is its parts and nothing else. Runs with `-Pfuzz` only.
class CompoundRtcpFuzz {
  private static final int IN = CompoundRtcpHostileTest.IN;
  private static final int OUT = CompoundRtcpHostileTest.OUT;
  private static final int SLOT_OCTETS = 1024;
  private static final long SLACK = 0x5afe5afe5afe5afeL;

  private final PacketBatch batch = PacketBatch.allocate(2, SLOT_OCTETS);
  private final Rekeying names = CompoundRtcpHostileTest.names();

  static Stream<byte[]> seeds() {
    return Stream.of(
        packet(0x80c90001, IN),
        packet(0x80c80006, IN, 1, 2, 3, 4, 5, 0x81cb0001, IN),
        packet(0x81c80006 + 6, IN, 1, 2, 3, 4, 5, IN, 6, 7, 8, 9, 10),
        packet(0x80c90001, IN, 0x81ca0003, IN, 0x01026162, 0, 0x82cb0003, 5, IN, 0x03627965),
        packet(0x81c90007, IN, IN, 1, 2, 3, 4, 5, 0x81cd0003, IN, IN, 1),
        packet(0x80c90001, IN, 0x81ce0002, IN, 7, 0x80cc0002, IN, 0x6e616d65),
        packet(0x82ca0004, IN, 0, 7, 0x01007861));
  }

  private static byte[] packet(int... words) {
    ByteBuffer packet = ByteBuffer.allocate(4 * words.length);
    Arrays.stream(words).forEach(packet::putInt);
    return packet.array();
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void renamesOneSsrcInsideThePacket(byte[] octets) {
    if (octets.length > SLOT_OCTETS) {
      return;
    }
    batch.clear();
    batch.add(octets);
    int end = batch.offset(0) + octets.length;
    batch.buffer().putLong(end, SLACK);
    boolean isBye = CompoundRtcp.saysBye(batch, 0, IN) || CompoundRtcp.saysBye(batch, 0, OUT);
    assertThat(batch.octets(0)).isEqualTo(octets);

    boolean isGood = CompoundRtcp.rewriteSsrcs(batch, 0, names);

    byte[] renamed = batch.octets(0);
    assertThat(batch.buffer().getLong(end)).isEqualTo(SLACK);
    assertOneRenamed(octets, renamed);
    if (isGood) {
      assertPartsFill(octets);
      assertThat(CompoundRtcp.saysBye(batch, 0, IN)).isFalse();
      assertThat(CompoundRtcp.saysBye(batch, 0, OUT)).isEqualTo(isBye);
      assertThat(CompoundRtcp.rewriteSsrcs(batch, 0, names)).isTrue();
      assertThat(batch.octets(0)).isEqualTo(renamed);
    }
  }

  /// No word has changed but such as were the one SSRC, and are the other now.
  private static void assertOneRenamed(byte[] before, byte[] after) {
    assertThat(after).hasSameSizeAs(before);
    int words = before.length / 4;
    for (int i = 0; i < words; i++) {
      int was = ByteBuffer.wrap(before).getInt(4 * i);
      int is = ByteBuffer.wrap(after).getInt(4 * i);
      assertThat(is == was || (was == IN && is == OUT)).as("word %s", i).isTrue();
    }
    assertThat(Arrays.copyOfRange(after, 4 * words, after.length))
        .isEqualTo(Arrays.copyOfRange(before, 4 * words, before.length));
  }

  private static void assertPartsFill(byte[] octets) {
    ByteBuffer packet = ByteBuffer.wrap(octets);
    int at = 0;
    while (at < octets.length) {
      at += 4 + 4 * Short.toUnsignedInt(packet.getShort(at + 2));
    }
    assertThat(at).isEqualTo(octets.length);
  }
}
