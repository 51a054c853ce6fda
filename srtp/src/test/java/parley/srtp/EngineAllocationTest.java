package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The engines that are not at the mercy of a JCA provider allocate nothing, and neither does the
/// way to them: good packets, header extensions, and a flood of forged ones.
class EngineAllocationTest {
  private static final int BATCH = 32;

  private static final List<SrtpProfile> KINDS =
      List.of(SrtpProfile.AEAD_AES_128_GCM, SrtpProfile.AES_CM_128_HMAC_SHA1_80);

  static List<Object[]> profiles() {
    return Engines.with(KINDS).stream()
        .filter(pair -> !pair[0].toString().startsWith("jce"))
        .toList();
  }

  private final PacketBatch from = PacketBatch.allocate(BATCH, 256);
  private final PacketBatch to = PacketBatch.allocate(BATCH, 256);
  private final PacketBatch back = PacketBatch.allocate(BATCH, 256);

  @ParameterizedTest
  @MethodSource("profiles")
  void thereAndBackAllocatesNothing(Engines.Named named, SrtpProfile profile) {
    SrtpPolicy policy = new SrtpPolicy(profile, false, 4, ExtensionIds.of(1));
    SrtpSession session = Streams.session(policy, 1, named.engine());
    SrtpTransform transform = new SrtpTransform(named.engine(), BATCH);
    SrtpContext sender = SrtpContext.sender(session, Streams.SSRC, 0);
    SrtpContext receiver = SrtpContext.receiver(session, Streams.SSRC);
    byte[] packet = Streams.ornateRtp(Streams.SSRC, 0);
    LongConsumer round =
        number -> {
          from.clear();
          for (int k = 0; k < BATCH; k++) {
            int slot = from.add(packet);
            RtpPacket.seq(from.memory(), from.offset(slot), (int) (BATCH * number + k));
            from.context(slot, sender);
          }
          transform.protect(from, to);
          for (int slot = 0; slot < BATCH; slot++) {
            to.context(slot, receiver);
          }
          transform.unprotect(to, back);
        };
    assertThat(TransformAllocationTest.octetsPerPacket(round)).isZero();
    assertThat(back.verdict(BATCH - 1)).isEqualTo(Verdict.ACCEPTED);
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void aForgedFloodAllocatesNothing(Engines.Named named, SrtpProfile profile) {
    SrtpSession session = Streams.session(new SrtpPolicy(profile, false, 4), 1, named.engine());
    SrtpTransform transform = new SrtpTransform(named.engine(), BATCH);
    SrtpContext sender = SrtpContext.sender(session, Streams.SSRC, 0);
    SrtpContext receiver = SrtpContext.receiver(session, Streams.SSRC);
    for (int slot = 0; slot < BATCH; slot++) {
      byte[] forged = Streams.protect(sender, Streams.rtp(Streams.SSRC, slot));
      forged[20] ^= 1;
      from.context(from.add(forged), receiver);
    }
    assertThat(TransformAllocationTest.octetsPerPacket(_ -> transform.unprotect(from, to)))
        .isZero();
    assertThat(to.verdict(BATCH - 1)).isEqualTo(Verdict.BAD_TAG);
  }
}
