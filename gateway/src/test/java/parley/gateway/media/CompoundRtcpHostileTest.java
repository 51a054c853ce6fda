package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import parley.srtp.PacketBatch;

/// Whatever an authenticated talker writes into RTCP, nothing outside the packet is touched.
class CompoundRtcpHostileTest {
  static final int IN = 11;
  static final int OUT = 22;

  private final PacketBatch batch = PacketBatch.allocate(1, 256);
  private final Rekeying names = names();

  static Rekeying names() {
    TestTalker in = new TestTalker(new NoCipher(), TestTalker.GCM, IN, 1);
    TestTalker out = new TestTalker(new NoCipher(), TestTalker.GCM, OUT, 2);
    MediaTransport none = NettyTransport.select("nio", 1);
    try (none) {
      GroupMedia group =
          new GroupMedia(
              new GroupMediaSettings(
                  in.burst(1).group(), List.of(), List.of(), MediaLimits.defaults()),
              none,
              none.nextLoop(),
              new NoCipher(),
              MediaTap.none(),
              new GroupCounters(),
              new SettableClock());
      return new Rekeying(
          group,
          in.burst(1),
          group,
          out.burst(2),
          List.of(new RekeyedStream(IN, OUT, out.session(), 0)));
    }
  }

  private boolean rewrite(byte[] octets) {
    batch.clear();
    batch.add(octets);
    return CompoundRtcp.rewriteSsrcs(batch, 0, names);
  }

  @Test
  void staysInsideThePacketWhateverItSays() {
    long seed = 20261123;
    Random random = new Random(seed);
    for (int run = 0; run < 20_000; run++) {
      byte[] octets = new byte[8 + random.nextInt(100)];
      random.nextBytes(octets);
      for (int at = 0; at + 4 <= octets.length; at += 4 + 4 * random.nextInt(6)) {
        octets[at] = (byte) (0x80 | random.nextInt(4));
        octets[at + 1] = (byte) (200 + random.nextInt(8));
        octets[at + 2] = 0;
        octets[at + 3] = (byte) random.nextInt(8);
      }
      ByteBuffer slack = batch.buffer();
      int end = batch.offset(0) + octets.length;
      slack.putLong(end, 0x5afe5afe5afe5afeL);
      rewrite(octets);
      CompoundRtcp.saysBye(batch, 0, IN);
      assertThat(slack.getLong(end)).as("seed %d run %d", seed, run).isEqualTo(0x5afe5afe5afe5afeL);
    }
  }

  @Test
  void refusesPartsThatDoNotFillThePacket() {
    assertThat(rewrite(packet(0x80c90001, IN))).isTrue();
    assertThat(batch.buffer().getInt(4)).isEqualTo(OUT);
    assertThat(rewrite(packet(0x80c90002, IN))).isFalse();
    assertThat(rewrite(packet(0x80c90000, IN))).isFalse();
    assertThat(rewrite(packet(0x81c90001, IN))).isFalse();
    assertThat(rewrite(packet(0x82cb0001, IN))).isFalse();
    assertThat(rewrite(packet(0x81ca0001, IN))).isFalse();
  }

  @Test
  void renamesBothSsrcsOfAFeedbackMessage() {
    assertThat(rewrite(packet(0x81cd0003, IN, IN, 1))).isTrue();
    assertThat(batch.octets(0)).isEqualTo(packet(0x81cd0003, OUT, OUT, 1));
  }

  @Test
  void findsAByeBehindOtherParts() {
    batch.clear();
    batch.add(packet(0x80c90001, IN, 0x82cb0002, 5, IN));
    assertThat(CompoundRtcp.saysBye(batch, 0, IN)).isTrue();
    assertThat(CompoundRtcp.saysBye(batch, 0, 6)).isFalse();
  }

  private static byte[] packet(int... words) {
    ByteBuffer packet = ByteBuffer.allocate(4 * words.length);
    for (int word : words) {
      packet.putInt(word);
    }
    return packet.array();
  }
}
