package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.srtp.Streams.SSRC;
import static parley.srtp.Verdict.ACCEPTED;
import static parley.srtp.Verdict.EXPIRED;
import static parley.srtp.Verdict.INDEX_EXHAUSTED;
import static parley.srtp.Verdict.INDEX_NOT_RISING;
import static parley.srtp.Verdict.REPLAYED;
import static parley.srtp.Verdict.STALE;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SrtpSenderTest {
  private final SrtpSession session = Streams.session(Streams.gcm());

  private static Verdict send(SrtpContext sender, long index) {
    return send(sender, index, Streams.rtp(SSRC, index));
  }

  private static Verdict send(SrtpContext sender, long index, byte[] packet) {
    PacketBatch batch = PacketBatch.allocate(1, 128);
    batch.context(batch.add(packet), sender);
    batch.packetIndex(0, index);
    Streams.transform(sender, 1).protect(batch, batch);
    if (batch.verdict(0) == ACCEPTED) {
      assertThat(batch.packetIndex(0)).isEqualTo(index);
    } else {
      assertThat(batch.octets(0)).isEqualTo(packet);
    }
    return batch.verdict(0);
  }

  @Test
  void theIndexOnlyRises() {
    SrtpContext sender = SrtpContext.sender(session, SSRC, 100);
    assertThat(sender.hasAuthenticated()).isFalse();
    assertThat(send(sender, 99)).isEqualTo(INDEX_NOT_RISING);
    assertThat(send(sender, 100)).isEqualTo(ACCEPTED);
    assertThat(send(sender, 100)).isEqualTo(INDEX_NOT_RISING);
    assertThat(send(sender, 150)).isEqualTo(ACCEPTED);
    assertThat(send(sender, 120)).isEqualTo(INDEX_NOT_RISING);
    assertThat(sender.highestIndex()).isEqualTo(150);
  }

  @Test
  void theRolloverCounterRisesAtAWrap() {
    SrtpContext sender = SrtpContext.sender(session, SSRC, 0x6_fffe);
    for (long index = 0x6_fffe; index < 0x7_0004; index++) {
      assertThat(send(sender, index)).isEqualTo(ACCEPTED);
    }
    assertThat(send(sender, 0x6_ffff)).isEqualTo(INDEX_NOT_RISING);
  }

  @Test
  void theWrapOfTheWholeIndexIsRefused() {
    SrtpContext sender = SrtpContext.sender(session, SSRC, PacketIndex.MAX_SRTP - 1);
    assertThat(send(sender, PacketIndex.MAX_SRTP - 1)).isEqualTo(ACCEPTED);
    assertThat(send(sender, PacketIndex.MAX_SRTP)).isEqualTo(ACCEPTED);
    assertThat(send(sender, 0)).isEqualTo(INDEX_EXHAUSTED);
    assertThat(send(sender, 1)).isEqualTo(INDEX_EXHAUSTED);
  }

  @Test
  void aRekeyingSenderUsesEachIndexOnceInAnyOrder() {
    SrtpContext sender = SrtpContext.rekeyingSender(session, SSRC);
    assertThat(send(sender, 0x1_0005)).isEqualTo(ACCEPTED);
    assertThat(send(sender, 0x0_fffe)).isEqualTo(ACCEPTED);
    assertThat(send(sender, 0x1_0005)).isEqualTo(REPLAYED);
    assertThat(send(sender, 0x0_fffe)).isEqualTo(REPLAYED);
    assertThat(send(sender, 0x1_0006)).isEqualTo(ACCEPTED);
    assertThat(send(sender, 0x1_0006 - ReplayList.WINDOW)).isEqualTo(STALE);
    assertThat(send(sender, PacketIndex.MAX_SRTP + 1)).isEqualTo(INDEX_EXHAUSTED);
    assertThat(send(sender, -1)).isEqualTo(INDEX_NOT_RISING);
    assertThat(sender.highestIndex()).isEqualTo(0x1_0006);
  }

  @Test
  void aRekeyingSenderWantsTheSequenceNumberOfItsIndex() {
    SrtpContext sender = SrtpContext.rekeyingSender(session, SSRC);
    assertThat(send(sender, 7, Streams.rtp(SSRC, 8))).isEqualTo(Verdict.WRONG_SEQ);
    assertThat(send(sender, 7)).isEqualTo(ACCEPTED);
  }

  @Test
  void whatARekeyingSenderSendsAReceiverAccepts() {
    SrtpContext sender = SrtpContext.rekeyingSender(session, SSRC);
    SrtpContext receiver = SrtpContext.receiver(session, SSRC, 0x1_0005);
    for (long index : new long[] {0x1_0005, 0x0_fffe, 0x1_0004}) {
      PacketBatch batch = PacketBatch.allocate(1, 128);
      batch.context(batch.add(Streams.rtp(SSRC, index)), sender);
      batch.packetIndex(0, index);
      Streams.transform(sender, 1).protect(batch, batch);
      assertThat(Streams.unprotect(receiver, batch.octets(0))).isEqualTo(ACCEPTED);
    }
  }

  @Test
  void aRefusalBurnsNoIndex() {
    SrtpContext sender = SrtpContext.sender(session, SSRC, 0);
    byte[] packet = Streams.rtp(SSRC, 0);
    PacketBatch small = PacketBatch.allocate(1, packet.length + 10);
    small.context(small.add(packet), sender);
    Streams.transform(sender, 1).protect(small, small);
    assertThat(small.verdict(0)).isEqualTo(Verdict.NO_ROOM);
    assertThat(send(sender, 0, Streams.rtp(SSRC + 1, 0))).isEqualTo(Verdict.WRONG_SSRC);
    assertThat(send(sender, 0, new byte[12])).isEqualTo(Verdict.MALFORMED_HEADER);
    assertThat(send(sender, 0, Arrays.copyOf(packet, 11))).isEqualTo(Verdict.TOO_SHORT);
    assertThat(send(sender, 0)).isEqualTo(ACCEPTED);
  }

  @Test
  void aKeyExpiresAfterItsLastPacketWhicheverStreamSendsIt() {
    session.srtp().packetsLeft(2);
    SrtpContext one = SrtpContext.sender(session, SSRC, 0);
    SrtpContext other = SrtpContext.rekeyingSender(session, SSRC);
    assertThat(send(one, 0)).isEqualTo(ACCEPTED);
    assertThat(send(other, 1)).isEqualTo(ACCEPTED);
    assertThat(send(one, 2)).isEqualTo(EXPIRED);
    assertThat(send(other, 3)).isEqualTo(EXPIRED);
  }

  @Test
  void sealsIntoAnotherBatchAndKeepsThePlaintext() {
    SrtpContext sender = SrtpContext.sender(session, SSRC, 0);
    PacketBatch from = PacketBatch.allocate(3, 64);
    PacketBatch to = PacketBatch.allocate(3, 128);
    from.context(from.add(Streams.rtp(SSRC, 0)), sender);
    from.add(Streams.rtp(SSRC, 1));
    from.context(from.add(Streams.rtp(SSRC, 1)), sender);
    new SrtpTransform(Streams.ENGINE, 3).protect(from, to);

    assertThat(from.octets(0)).isEqualTo(Streams.rtp(SSRC, 0));
    assertThat(to.verdict(1)).isEqualTo(Verdict.NO_CONTEXT);
    assertThat(to.length(1)).isZero();
    SrtpContext receiver = SrtpContext.receiver(session, SSRC);
    assertThat(Streams.unprotect(receiver, to.octets(0))).isEqualTo(ACCEPTED);
    assertThat(Streams.unprotect(receiver, to.octets(2))).isEqualTo(ACCEPTED);
  }

  @Test
  void aReceiverCannotProtect() {
    SrtpContext receiver = SrtpContext.receiver(session, SSRC);
    assertThatThrownBy(() -> send(receiver, 0)).isInstanceOf(IllegalStateException.class);
  }
}
