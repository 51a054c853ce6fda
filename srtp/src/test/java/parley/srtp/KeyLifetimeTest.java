package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.srtp.Streams.SSRC;
import static parley.srtp.Verdict.ACCEPTED;
import static parley.srtp.Verdict.EXPIRED;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A master key protects 2^48 SRTP and 2^31 SRTCP packets, all its streams together, and then no
/// more (RFC 3711, 9.2): at the sender and at the receiver, each kind for itself.
class KeyLifetimeTest {
  static List<Engines.Named> engines() {
    return Engines.named();
  }

  @Test
  void theLifetimesAreThoseOfTheStandard() {
    SrtpSession session = Streams.session(Streams.gcm());
    assertThat(session.srtp().packetsLeft()).isEqualTo(0x1_0000_0000_0000L);
    assertThat(session.srtcp().packetsLeft()).isEqualTo(0x8000_0000L);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void srtpEndsWithTheLastPacketOfTheKey(Engines.Named named) {
    for (SrtpPolicy policy : Streams.policies()) {
      SrtpSession sending = Streams.session(policy, 1, named.engine());
      SrtpSession receiving = Streams.session(policy, 1, named.engine());
      sending.srtp().packetsLeft(3);
      receiving.srtp().packetsLeft(2);
      SrtpContext sender = SrtpContext.sender(sending, SSRC, 0);
      SrtpContext other = SrtpContext.sender(sending, SSRC + 1, 0);
      SrtpContext receiver = SrtpContext.receiver(receiving, SSRC);
      SrtpContext otherReceiver = SrtpContext.receiver(receiving, SSRC + 1);
      byte[] first = Streams.protect(sender, Streams.rtp(SSRC, 0));
      byte[] second = Streams.protect(other, Streams.rtp(SSRC + 1, 0));
      byte[] third = Streams.protect(sender, Streams.rtp(SSRC, 1));

      assertThat(refusal(other, Streams.rtp(SSRC + 1, 1))).isEqualTo(EXPIRED);
      assertThat(refusal(sender, Streams.rtp(SSRC, 2))).isEqualTo(EXPIRED);
      assertThat(sender.highestIndex()).isEqualTo(1);
      Streams.protect(SrtcpContext.sender(sending, SSRC), Streams.rtcp(SSRC));

      byte[] forged = first.clone();
      forged[14] ^= 1;
      assertThat(Streams.unprotect(receiver, forged)).isEqualTo(Verdict.BAD_TAG);
      assertThat(Streams.unprotect(receiver, first)).isEqualTo(ACCEPTED);
      assertThat(Streams.unprotect(receiver, first)).isEqualTo(Verdict.REPLAYED);
      assertThat(Streams.unprotect(otherReceiver, second)).isEqualTo(ACCEPTED);
      assertThat(Streams.unprotect(receiver, third)).isEqualTo(EXPIRED);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void srtcpEndsWithTheLastPacketOfTheKey(Engines.Named named) {
    for (SrtpPolicy policy : Streams.policies()) {
      SrtpSession sending = Streams.session(policy, 1, named.engine());
      SrtpSession receiving = Streams.session(policy, 1, named.engine());
      sending.srtcp().packetsLeft(2);
      receiving.srtcp().packetsLeft(1);
      SrtcpContext sender = SrtcpContext.sender(sending, SSRC);
      SrtcpContext receiver = SrtcpContext.receiver(receiving, SSRC);
      byte[] first = Streams.protect(sender, Streams.rtcp(SSRC));
      byte[] second = Streams.protect(sender, Streams.rtcp(SSRC));

      assertThat(refusal(sender, Streams.rtcp(SSRC))).isEqualTo(EXPIRED);
      Streams.protect(SrtpContext.sender(sending, SSRC, 0), Streams.rtp(SSRC, 0));
      assertThat(Streams.unprotect(receiver, first)).isEqualTo(ACCEPTED);
      assertThat(Streams.unprotect(receiver, second)).isEqualTo(EXPIRED);
    }
  }

  /// Two packets of one batch do not share the last packet of a key.
  @ParameterizedTest
  @MethodSource("engines")
  void aBatchDoesNotOutliveTheKey(Engines.Named named) {
    SrtpSession receiving = Streams.session(Streams.gcm(), 1, named.engine());
    receiving.srtp().packetsLeft(1);
    SrtpContext sender =
        SrtpContext.sender(Streams.session(Streams.gcm(), 1, named.engine()), SSRC, 0);
    SrtpContext receiver = SrtpContext.receiver(receiving, SSRC);
    PacketBatch batch = PacketBatch.allocate(2, 128);
    batch.context(batch.add(Streams.protect(sender, Streams.rtp(SSRC, 0))), receiver);
    batch.context(batch.add(Streams.protect(sender, Streams.rtp(SSRC, 1))), receiver);
    new SrtpTransform(named.engine(), 2).unprotect(batch, batch);
    assertThat(batch.verdict(0)).isEqualTo(ACCEPTED);
    assertThat(batch.verdict(1)).isEqualTo(EXPIRED);
  }

  private static Verdict refusal(CryptoContext sender, byte[] packet) {
    PacketBatch batch = PacketBatch.allocate(1, 256);
    batch.context(batch.add(packet), sender);
    Streams.transform(sender, 1).protect(batch, batch);
    assertThat(batch.octets(0)).isEqualTo(packet);
    return batch.verdict(0);
  }
}
