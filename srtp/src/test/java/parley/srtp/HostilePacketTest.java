package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every cut and every bit flip of a good packet ends in a named refusal and changes nothing: the
/// receiver's state, the packet and the output slot stay as they were, and the good packet is
/// accepted afterwards.
class HostilePacketTest {
  private static final int BATCH = 32;

  static List<Object[]> policies() {
    return Engines.with(Streams.policies());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void srtpReceiverInMidStreamRefuses(Engines.Named named, SrtpPolicy policy) {
    SrtpContext sender =
        SrtpContext.sender(Streams.session(policy, 1, named.engine()), Streams.SSRC, 0x1_fffe);
    SrtpContext receiver =
        SrtpContext.receiver(Streams.session(policy, 1, named.engine()), Streams.SSRC, 0x1_fffe);
    for (long index = 0x1_fffe; index < 0x2_0003; index++) {
      byte[] packet = Streams.protect(sender, Streams.rtp(Streams.SSRC, index));
      assertThat(Streams.unprotect(receiver, packet)).isEqualTo(Verdict.ACCEPTED);
    }
    attack(receiver, Streams.protect(sender, Streams.ornateRtp(Streams.SSRC, 0x2_0004)));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void srtpReceiverBeforeItsFirstPacketRefuses(Engines.Named named, SrtpPolicy policy) {
    SrtpContext sender =
        SrtpContext.sender(Streams.session(policy, 1, named.engine()), Streams.SSRC, 7);
    SrtpContext receiver =
        SrtpContext.receiver(Streams.session(policy, 1, named.engine()), Streams.SSRC);
    attack(receiver, Streams.protect(sender, Streams.rtp(Streams.SSRC, 7)));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void srtcpReceiverRefuses(Engines.Named named, SrtpPolicy policy) {
    SrtcpContext sender =
        SrtcpContext.sender(Streams.session(policy, 1, named.engine()), Streams.SSRC);
    SrtcpContext receiver =
        SrtcpContext.receiver(Streams.session(policy, 1, named.engine()), Streams.SSRC);
    for (int i = 0; i < 3; i++) {
      byte[] packet = Streams.protect(sender, Streams.rtcp(Streams.SSRC));
      assertThat(Streams.unprotect(receiver, packet)).isEqualTo(Verdict.ACCEPTED);
    }
    attack(receiver, Streams.protect(sender, Streams.rtcp(Streams.SSRC)));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aFlipIsRefusedForItsPlace(Engines.Named named, SrtpPolicy policy) {
    SrtpContext sender =
        SrtpContext.sender(Streams.session(policy, 1, named.engine()), Streams.SSRC, 7);
    SrtpContext receiver =
        SrtpContext.receiver(Streams.session(policy, 1, named.engine()), Streams.SSRC);
    byte[] good = Streams.protect(sender, Streams.rtp(Streams.SSRC, 7));

    assertThat(Streams.unprotect(receiver, flip(good, 0))).isEqualTo(Verdict.MALFORMED_HEADER);
    assertThat(Streams.unprotect(receiver, flip(good, 8 * 8))).isEqualTo(Verdict.WRONG_SSRC);
    assertThat(Streams.unprotect(receiver, flip(good, 8 * 14))).isEqualTo(Verdict.BAD_TAG);
    if (policy.mkiOctets() > 0) {
      int mki = good.length - policy.srtpMkiFromEnd();
      assertThat(Streams.unprotect(receiver, flip(good, 8 * mki))).isEqualTo(Verdict.WRONG_MKI);
    }
    if (policy.rccm3()) {
      assertThat(Streams.unprotect(receiver, flip(good, 8 * good.length - 1)))
          .isEqualTo(Verdict.BAD_TAG);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void rubbishIsRefused(Engines.Named named, SrtpPolicy policy) {
    SrtpSession session = Streams.session(policy, 1, named.engine());
    CryptoContext[] receivers = {
      SrtpContext.receiver(session, Streams.SSRC),
      SrtpContext.receiver(session, Streams.SSRC, 0x5_0000),
      SrtcpContext.receiver(session, Streams.SSRC),
    };
    Random random = new Random(policy.hashCode());
    for (int round = 0; round < 50; round++) {
      for (CryptoContext receiver : receivers) {
        String before = Streams.state(receiver);
        refuse(receiver, Stream.generate(() -> rubbish(random, policy)).limit(BATCH).toList());
        assertThat(Streams.state(receiver)).isEqualTo(before);
      }
    }
  }

  /// Random octets, most with version, SSRC and MKI right, so that they come further than the first
  /// check.
  private static byte[] rubbish(Random random, SrtpPolicy policy) {
    byte[] octets = new byte[random.nextInt(120)];
    random.nextBytes(octets);
    if (octets.length > 40 && random.nextInt(4) > 0) {
      ByteBuffer packet = ByteBuffer.wrap(octets);
      packet.put(0, (byte) (0x80 | (octets[0] & 0x3f)));
      packet.putInt(random.nextBoolean() ? 4 : 8, Streams.SSRC);
      boolean isRtcp = packet.getInt(4) == Streams.SSRC;
      int fromEnd = isRtcp ? policy.srtcpMkiFromEnd() : policy.srtpMkiFromEnd();
      packet.put(octets.length - fromEnd, Streams.MKI, 0, policy.mkiOctets());
    }
    return octets;
  }

  private static void attack(CryptoContext receiver, byte[] good) {
    String before = Streams.state(receiver);
    List<byte[]> hostile = mutants(good);
    for (int start = 0; start < hostile.size(); start += BATCH) {
      refuse(receiver, hostile.subList(start, Math.min(start + BATCH, hostile.size())));
    }
    assertThat(Streams.state(receiver)).isEqualTo(before);
    assertThat(Streams.unprotect(receiver, good)).isEqualTo(Verdict.ACCEPTED);
    assertThat(Streams.unprotect(receiver, good)).isEqualTo(Verdict.REPLAYED);
  }

  private static void refuse(CryptoContext receiver, List<byte[]> packets) {
    PacketBatch from = PacketBatch.allocate(BATCH, 256);
    PacketBatch to = PacketBatch.allocate(BATCH, 256);
    for (byte[] packet : packets) {
      from.context(from.add(packet), receiver);
    }
    Streams.transform(receiver, BATCH).unprotect(from, to);
    for (int slot = 0; slot < packets.size(); slot++) {
      assertThat(from.verdict(slot)).isNotIn(Verdict.ACCEPTED, Verdict.NO_CONTEXT);
      assertThat(to.verdict(slot)).isEqualTo(from.verdict(slot));
      assertThat(to.length(slot)).isZero();
      assertThat(from.octets(slot)).isEqualTo(packets.get(slot));
    }
    assertThat(to.memory().mismatch(PacketBatch.allocate(BATCH, 256).memory())).isEqualTo(-1);
  }

  private static List<byte[]> mutants(byte[] good) {
    List<byte[]> mutants = new ArrayList<>();
    for (int octets = 0; octets < good.length; octets++) {
      mutants.add(Arrays.copyOf(good, octets));
    }
    for (int bit = 0; bit < 8 * good.length; bit++) {
      mutants.add(flip(good, bit));
    }
    return mutants;
  }

  private static byte[] flip(byte[] good, int bit) {
    byte[] flipped = good.clone();
    flipped[bit / 8] ^= (byte) (0x80 >>> bit % 8);
    return flipped;
  }
}
