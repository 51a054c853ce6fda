package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class RtpPacketTest {
  @Test
  void readsEachFieldOfAnOrnateHeader() {
    byte[] octets = Streams.ornateRtp(0xcafe_babe, 0x8001);
    MemorySegment packet = MemorySegment.ofArray(octets);
    assertThat(RtpPacket.version(packet, 0)).isEqualTo(2);
    assertThat(RtpPacket.csrcCount(packet, 0)).isEqualTo(2);
    assertThat(RtpPacket.hasExtension(packet, 0)).isTrue();
    assertThat(RtpPacket.hasPadding(packet, 0)).isTrue();
    assertThat(RtpPacket.marker(packet, 0)).isFalse();
    assertThat(RtpPacket.payloadType(packet, 0)).isEqualTo(0x60);
    assertThat(RtpPacket.seq(packet, 0)).isEqualTo(0x8001);
    assertThat(RtpPacket.timestamp(packet, 0)).isEqualTo(0x8001 * 160);
    assertThat(RtpPacket.ssrc(packet, 0)).isEqualTo(0xcafe_babe);
    assertThat(RtpPacket.headerOctets(packet, 0, octets.length)).isEqualTo(28);
    assertThat(RtpPacket.payloadOctets(packet, 0, octets.length)).isEqualTo(16);
  }

  @Test
  void aHeaderThatDoesNotFitIsMalformed() {
    MemorySegment packet = MemorySegment.ofArray(Streams.ornateRtp(1, 1));
    for (int octets = 0; octets < 28; octets++) {
      assertThat(RtpPacket.headerOctets(packet, 0, octets)).isEqualTo(-1);
    }
    assertThat(RtpPacket.headerOctets(packet, 0, 28)).isEqualTo(28);
  }

  @Test
  void paddingLongerThanThePayloadIsMalformed() {
    byte[] octets = Streams.ornateRtp(1, 1);
    octets[octets.length - 1] = 21;
    assertThat(RtpPacket.payloadOctets(MemorySegment.ofArray(octets), 0, octets.length))
        .isEqualTo(-1);
    octets[octets.length - 1] = 0;
    assertThat(RtpPacket.payloadOctets(MemorySegment.ofArray(octets), 0, octets.length))
        .isEqualTo(-1);
  }

  @Test
  void writesAHeaderThatReadsBack() {
    MemorySegment packet = MemorySegment.ofArray(new byte[12]);
    assertThat(RtpPacket.writeHeader(packet, 0, true, 111, 65_535, -1, 0xfeed)).isEqualTo(12);
    assertThat(RtpPacket.headerOctets(packet, 0, 12)).isEqualTo(12);
    assertThat(RtpPacket.marker(packet, 0)).isTrue();
    assertThat(RtpPacket.payloadType(packet, 0)).isEqualTo(111);
    assertThat(RtpPacket.seq(packet, 0)).isEqualTo(65_535);
    assertThat(RtpPacket.timestamp(packet, 0)).isEqualTo(-1);
    assertThat(RtpPacket.ssrc(packet, 0)).isEqualTo(0xfeed);
  }

  @Test
  void tellsRtcpFromRtp() {
    MemorySegment rtcp = MemorySegment.ofArray(Streams.rtcp(7));
    assertThat(RtcpPacket.isRtcp(rtcp, 0, 28)).isTrue();
    assertThat(RtcpPacket.isRtcp(rtcp, 0, 7)).isFalse();
    assertThat(RtcpPacket.isRtcp(MemorySegment.ofArray(Streams.rtp(7, 1)), 0, 32)).isFalse();
    assertThat(RtcpPacket.packetType(rtcp, 0)).isEqualTo(RtcpPacket.SOURCE_DESCRIPTION);
    assertThat(RtcpPacket.count(rtcp, 0)).isEqualTo(1);
    assertThat(RtcpPacket.ssrc(rtcp, 0)).isEqualTo(7);
    int bye = RtcpPacket.partOctets(rtcp, 0);
    assertThat(RtcpPacket.packetType(rtcp, bye)).isEqualTo(RtcpPacket.BYE);
    assertThat(bye + RtcpPacket.partOctets(rtcp, bye)).isEqualTo(28);
  }
}
