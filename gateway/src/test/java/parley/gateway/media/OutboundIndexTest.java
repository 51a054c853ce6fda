package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The inbound index moved: each used once, order and loss kept, jumps bounded.
class OutboundIndexTest {
  private static OutboundIndex from(int firstSeq) {
    return new OutboundIndex(firstSeq);
  }

  @Test
  void movesEveryIndexByTheSameAmount() {
    OutboundIndex index = from(1000);
    assertThat(index.next()).isEqualTo(1000);
    assertThat(index.of(0x1_fffe)).isEqualTo(1000);
    assertThat(index.of(0x2_0003)).isEqualTo(1005);
    assertThat(index.of(0x1_ffff)).isEqualTo(1001);
    assertThat(index.of(0x1_fff0)).isEqualTo(986);
    assertThat(index.next()).isEqualTo(1006);
  }

  @Test
  void hasNoIndexBelowZero() {
    OutboundIndex index = from(2);
    assertThat(index.of(500)).isEqualTo(2);
    assertThat(index.of(498)).isZero();
    assertThat(index.of(497)).isEqualTo(OutboundIndex.NONE);
  }

  @Test
  void cutsAJumpShortAndRefusesWhatIsOlder() {
    OutboundIndex index = from(0);
    assertThat(index.of(10)).isZero();
    assertThat(index.of(10 + OutboundIndex.MAX_JUMP)).isEqualTo(OutboundIndex.MAX_JUMP);
    assertThat(index.of(1L << 40)).isEqualTo(2L * OutboundIndex.MAX_JUMP);
    assertThat(index.of(11)).isEqualTo(OutboundIndex.NONE);
    assertThat(index.of((1L << 40) + 1)).isEqualTo(2L * OutboundIndex.MAX_JUMP + 1);
  }

  @Test
  void neverUsesAnOutboundIndexTwiceNorJumpsTooFar() {
    long seed = 20261123;
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      OutboundIndex index = from(random.nextInt(0x10000));
      Set<Long> inbound = new HashSet<>();
      Set<Long> outbound = new HashSet<>();
      long at = random.nextLong(1L << 40);
      long highest = -1;
      for (int i = 0; i < 300; i++) {
        at += random.nextInt(10) == 0 ? random.nextLong(1L << 30) : random.nextInt(7) - 2;
        if (at < 0 || !inbound.add(at)) {
          continue;
        }
        long out = index.of(at);
        if (out != OutboundIndex.NONE) {
          assertThat(outbound.add(out)).as("seed %d run %d: used once", seed, run).isTrue();
          assertThat(highest < 0 ? 0 : out - highest)
              .as("seed %d run %d: bounded", seed, run)
              .isLessThanOrEqualTo(OutboundIndex.MAX_JUMP);
          highest = Math.max(highest, out);
        }
      }
    }
  }
}
