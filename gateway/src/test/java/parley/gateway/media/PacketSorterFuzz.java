package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import parley.srtp.PacketBatch;
import parley.srtp.RtpPacket;

/// Any datagram is of one kind, whatever lies behind it in its slot, and has what its kind is read
/// for. Runs with `-Pfuzz` only.
class PacketSorterFuzz {
  private static final int SLOT_OCTETS = 512;

  private final PacketBatch batch = PacketBatch.allocate(2, SLOT_OCTETS);

  static Stream<byte[]> seeds() {
    byte[] report = {(byte) 0x80, (byte) 201, 0, 1, 1, 2, 3, 4};
    return Stream.of(
        TestTalker.plainRtp(0x01020304, 1, "sound"),
        new byte[] {(byte) 0x91, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, -66, -34, 0, 0},
        report,
        Arrays.copyOf(report, 7),
        new byte[] {1, 0, 5},
        new byte[] {0x54, 1, 2, 3, 4, 5, 6, 7, (byte) 0x80},
        Arrays.copyOf(report, SLOT_OCTETS));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void isOfOneKind(byte[] datagram) {
    byte[] octets = Arrays.copyOf(datagram, Math.min(datagram.length, SLOT_OCTETS));
    PacketKind kind = sort(octets, 0, (byte) 0);
    assertThat(sort(octets, 1, (byte) 0x81)).isEqualTo(kind);
    assertThat(kind).isEqualTo(expected(octets));
    switch (kind) {
      case RTP -> {
        assertThat(PacketSorter.ssrc(batch, 0, false)).isEqualTo(word(octets, 8));
        assertThat(RtpPacket.headerOctets(batch.memory(), batch.offset(0), octets.length))
            .isEqualTo(RtpPacket.headerOctets(batch.memory(), batch.offset(1), octets.length))
            .isLessThanOrEqualTo(octets.length);
      }
      case RTCP -> assertThat(PacketSorter.ssrc(batch, 0, true)).isEqualTo(word(octets, 4));
      case MIKEY, TOO_SHORT, OVERSIZED, RUBBISH -> {
        // nothing more is read
      }
    }
    assertThat(batch.octets(0)).isEqualTo(octets);
  }

  /// Sorts these octets in a slot that held others before.
  private PacketKind sort(byte[] octets, int slot, byte before) {
    if (slot == 0) {
      batch.clear();
    }
    byte[] old = new byte[SLOT_OCTETS];
    Arrays.fill(old, before);
    batch.buffer().put(batch.offset(slot), old);
    batch.add(octets);
    return PacketSorter.sort(batch, slot);
  }

  /// As RFC 3550, RFC 5761 and RFC 3830 have it, said another way.
  private static PacketKind expected(byte[] octets) {
    if (octets.length == SLOT_OCTETS) {
      return PacketKind.OVERSIZED;
    }
    if (octets.length > 0 && octets[0] == 1) {
      return PacketKind.MIKEY;
    }
    if (octets.length == 0 || (octets[0] & 0xc0) != 0x80) {
      return PacketKind.RUBBISH;
    }
    boolean saysRtcp = octets.length >= 8 && (octets[1] & 0xff) / 32 == 6;
    return saysRtcp ? PacketKind.RTCP : octets.length < 12 ? PacketKind.TOO_SHORT : PacketKind.RTP;
  }

  private static int word(byte[] octets, int at) {
    return ByteBuffer.wrap(octets).getInt(at);
  }
}
