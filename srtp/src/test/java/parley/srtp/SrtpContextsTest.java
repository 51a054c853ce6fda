package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.srtp.Streams.SSRC;
import static parley.srtp.Verdict.ACCEPTED;
import static parley.srtp.Verdict.BAD_TAG;
import static parley.srtp.Verdict.NO_CONTEXT;
import static parley.srtp.Verdict.REPLAYED;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SrtpContextsTest {
  private static final int BATCH = 8;

  private final SrtpSession session = Streams.session(Streams.gcm());
  private final SrtpContexts contexts = new SrtpContexts(Streams.ENGINE, BATCH, 3);
  private final PacketBatch batch = PacketBatch.allocate(BATCH, 128);

  SrtpContextsTest() {
    contexts.add(session);
  }

  private byte[] rtp(int ssrc, long index) {
    return Streams.protect(SrtpContext.sender(session, ssrc, index), Streams.rtp(ssrc, index));
  }

  private byte[] rtcp(int ssrc) {
    return Streams.protect(SrtcpContext.sender(session, ssrc), Streams.rtcp(ssrc));
  }

  private void unprotect(byte[]... packets) {
    batch.clear();
    for (byte[] packet : packets) {
      batch.add(packet);
    }
    contexts.unprotect(batch, batch);
  }

  @Test
  void findsRtpAndRtcpOnOnePort() {
    byte[] first = rtp(SSRC, 5);
    unprotect(first, rtcp(SSRC), rtp(SSRC, 6), first);
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(2)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(3)).isEqualTo(REPLAYED);
    assertThat(batch.octets(1)).isEqualTo(Streams.rtcp(SSRC));
    assertThat(contexts.size()).isEqualTo(2);
    unprotect(first, rtp(SSRC, 7));
    assertThat(batch.verdict(0)).isEqualTo(REPLAYED);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
  }

  @Test
  void failedAuthenticationLeavesNoContext() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      byte[] forged = rtp(random.nextInt(), 5);
      forged[20] ^= 1;
      unprotect(forged);
      assertThat(batch.verdict(0)).isEqualTo(BAD_TAG);
    }
    assertThat(contexts.size()).isZero();
  }

  @Test
  void neverHoldsMoreContextsThanItsBound() {
    unprotect(rtp(1, 5), rtp(2, 5), rtp(3, 5), rtp(4, 5));
    assertThat(batch.verdict(2)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(3)).isEqualTo(NO_CONTEXT);
    assertThat(contexts.size()).isEqualTo(3);
  }

  @Test
  void anUnknownMkiOrARemovedSessionHasNoContext() {
    byte[] packet = rtp(SSRC, 5);
    byte[] otherMki = packet.clone();
    otherMki[otherMki.length - 1] ^= 1;
    unprotect(otherMki, packet, new byte[3], new byte[0]);
    assertThat(batch.verdict(0)).isEqualTo(NO_CONTEXT);
    assertThat(batch.verdict(1)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(2)).isEqualTo(NO_CONTEXT);
    assertThat(batch.verdict(3)).isEqualTo(NO_CONTEXT);
    contexts.remove(session);
    unprotect(rtp(SSRC, 6));
    assertThat(batch.verdict(0)).isEqualTo(NO_CONTEXT);
    assertThat(contexts.size()).isZero();
  }
}
