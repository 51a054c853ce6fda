package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.srtp.Streams.SSRC;
import static parley.srtp.Verdict.ACCEPTED;
import static parley.srtp.Verdict.INDEX_EXHAUSTED;
import static parley.srtp.Verdict.NOT_ENCRYPTED;
import static parley.srtp.Verdict.REPLAYED;
import static parley.srtp.Verdict.STALE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SrtcpContextTest {
  static List<SrtpPolicy> policies() {
    return Streams.policies();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void numbersItsPacketsFromZeroAndIsOpenedInAnyOrder(SrtpPolicy policy) {
    SrtpSession session = Streams.session(policy);
    SrtcpContext sender = SrtcpContext.sender(session, SSRC);
    SrtcpContext receiver = SrtcpContext.receiver(session, SSRC);
    assertThat(sender.highestIndex()).isEqualTo(-1);
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i <= ReplayList.WINDOW; i++) {
      packets.add(Streams.protect(sender, Streams.rtcp(SSRC)));
      assertThat(sender.highestIndex()).isEqualTo(i);
    }
    assertThat(Streams.unprotect(receiver, packets.get(1))).isEqualTo(ACCEPTED);
    assertThat(Streams.unprotect(receiver, packets.get(0))).isEqualTo(ACCEPTED);
    assertThat(Streams.unprotect(receiver, packets.get(0))).isEqualTo(REPLAYED);
    assertThat(Streams.unprotect(receiver, packets.getLast())).isEqualTo(ACCEPTED);
    assertThat(Streams.unprotect(receiver, packets.get(0))).isEqualTo(STALE);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void addsWhatItsPolicySays(SrtpPolicy policy) {
    SrtcpContext sender = SrtcpContext.sender(Streams.session(policy), SSRC);
    byte[] packet = Streams.rtcp(SSRC);
    assertThat(Streams.protect(sender, packet))
        .hasSize(packet.length + policy.srtcpTrailerOctets());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void theWrapOfTheIndexIsRefused(SrtpPolicy policy) {
    SrtpSession session = Streams.session(policy);
    SrtcpContext sender = SrtcpContext.sender(session, SSRC, PacketIndex.MAX_SRTCP);
    byte[] last = Streams.protect(sender, Streams.rtcp(SSRC));
    assertThat(Streams.unprotect(SrtcpContext.receiver(session, SSRC), last)).isEqualTo(ACCEPTED);

    PacketBatch batch = PacketBatch.allocate(1, 128);
    batch.context(batch.add(Streams.rtcp(SSRC)), sender);
    Streams.transform(sender, 1).protect(batch, batch);
    assertThat(batch.verdict(0)).isEqualTo(INDEX_EXHAUSTED);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aPacketInClearIsRefused(SrtpPolicy policy) {
    SrtpSession session = Streams.session(policy);
    byte[] packet = Streams.protect(SrtcpContext.sender(session, SSRC), Streams.rtcp(SSRC));
    int word = packet.length - policy.srtcpMkiFromEnd() - 4;
    assertThat(packet[word]).isEqualTo((byte) 0x80);
    packet[word] = 0;
    assertThat(Streams.unprotect(SrtcpContext.receiver(session, SSRC), packet))
        .isEqualTo(NOT_ENCRYPTED);
  }
}
