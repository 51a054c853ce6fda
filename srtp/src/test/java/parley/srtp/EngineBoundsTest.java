package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A packet may fill its slot to the last octet and not one more, and no engine writes beside it.
class EngineBoundsTest {
  private static final byte MARK = 0x5a;

  static List<Object[]> policies() {
    return Engines.with(Streams.policies());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aPacketFillsItsSlotExactlyAndNothingElse(Engines.Named named, SrtpPolicy policy) {
    SrtpSession session = Streams.session(policy, 1, named.engine());
    SrtpTransform transform = new SrtpTransform(named.engine(), 3);
    for (int payload = 0; payload < 150; payload++) {
      byte[] packet = packet(payload);
      int sealedOctets = packet.length + policy.srtpTrailerOctets();
      PacketBatch from = PacketBatch.allocate(3, packet.length);
      PacketBatch to = PacketBatch.allocate(3, sealedOctets);
      to.memory().fill(MARK);
      from.add(new byte[0]);
      from.context(from.add(packet), SrtpContext.sender(session, Streams.SSRC, 0));
      transform.protect(from, to);
      assertThat(to.verdict(1)).isEqualTo(Verdict.ACCEPTED);
      assertThat(to.length(1)).isEqualTo(sealedOctets);
      assertMarksAround(to, 1, sealedOctets);

      PacketBatch back = PacketBatch.allocate(3, packet.length);
      back.memory().fill(MARK);
      to.context(1, SrtpContext.receiver(session, Streams.SSRC));
      transform.unprotect(to, back);
      assertThat(back.verdict(1)).isEqualTo(Verdict.ACCEPTED);
      assertThat(back.octets(1)).isEqualTo(packet);
      assertMarksAround(back, 1, packet.length);
      session = Streams.session(policy, payload, named.engine());
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aSlotOneOctetTooSmallIsAVerdict(Engines.Named named, SrtpPolicy policy) {
    SrtpSession session = Streams.session(policy, 1, named.engine());
    SrtpTransform transform = new SrtpTransform(named.engine(), 1);
    byte[] packet = packet(20);
    SrtpContext sender = SrtpContext.sender(session, Streams.SSRC, 0);
    PacketBatch from = PacketBatch.allocate(1, packet.length + policy.srtpTrailerOctets() - 1);
    from.context(from.add(packet), sender);
    transform.protect(from, from);
    assertThat(from.verdict(0)).isEqualTo(Verdict.NO_ROOM);
    assertThat(from.octets(0)).isEqualTo(packet);

    PacketBatch sealed = PacketBatch.allocate(1, 256);
    PacketBatch small = PacketBatch.allocate(1, packet.length - 1);
    SrtpContext receiver = SrtpContext.receiver(session, Streams.SSRC);
    sealed.context(sealed.add(Streams.protect(sender, packet)), receiver);
    transform.unprotect(sealed, small);
    assertThat(small.verdict(0)).isEqualTo(Verdict.NO_ROOM);
    assertThat(receiver.hasAuthenticated()).isFalse();
    transform.unprotect(sealed, sealed);
    assertThat(sealed.verdict(0)).isEqualTo(Verdict.ACCEPTED);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aPacketOfTheGreatestLengthGoesThereAndBack(Engines.Named named, SrtpPolicy policy) {
    SrtpSession session = Streams.session(policy, 1, named.engine());
    SrtpTransform transform = new SrtpTransform(named.engine(), 1);
    byte[] packet = packet(65_536 - 12 - policy.srtpTrailerOctets());
    PacketBatch batch = PacketBatch.allocate(1, 65_536);
    batch.context(batch.add(packet), SrtpContext.sender(session, Streams.SSRC, 0));
    transform.protect(batch, batch);
    assertThat(batch.length(0)).isEqualTo(65_536);
    batch.context(0, SrtpContext.receiver(session, Streams.SSRC));
    transform.unprotect(batch, batch);
    assertThat(batch.octets(0)).isEqualTo(packet);
  }

  private static byte[] packet(int payload) {
    byte[] packet = new byte[12 + payload];
    packet[0] = (byte) 0x80;
    java.nio.ByteBuffer.wrap(packet).putInt(8, Streams.SSRC);
    for (int i = 12; i < packet.length; i++) {
      packet[i] = (byte) i;
    }
    return packet;
  }

  private static void assertMarksAround(PacketBatch batch, int slot, int octets) {
    MemorySegment memory = batch.memory();
    long end = (long) batch.offset(slot) + octets;
    assertMarks(memory.asSlice(0, batch.offset(slot)));
    assertMarks(memory.asSlice(end));
  }

  private static void assertMarks(MemorySegment memory) {
    for (byte octet : memory.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)) {
      assertThat(octet).isEqualTo(MARK);
    }
  }
}
