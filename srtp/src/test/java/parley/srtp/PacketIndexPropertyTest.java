package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import org.junit.jupiter.api.Test;

class PacketIndexPropertyTest {
  /// Receiver and sender agree on the index while they are less than half a turn of the sequence
  /// number apart.
  @Test
  void completesASequenceNumberWithinHalfATurn() {
    qt().forAll(
            longs().between(1 << 16, PacketIndex.MAX_SRTP - (1 << 16)),
            integers().between(-32_767, 32_767))
        .check((reference, distance) ->
            PacketIndex.estimate(reference, PacketIndex.seq(reference + distance))
                == reference + distance);
  }

  @Test
  void isTheAlgorithmOfRfc3711AppendixA() {
    qt().forAll(longs().between(0, PacketIndex.MAX_SRTP), integers().between(0, 0xffff))
        .check(
            (reference, seq) -> PacketIndex.estimate(reference, seq) == appendixA(reference, seq));
  }

  @Test
  void isNeverNegative() {
    qt().forAll(longs().between(0, 1 << 17), integers().between(0, 0xffff))
        .check((reference, seq) -> PacketIndex.estimate(reference, seq) >= 0);
  }

  @Test
  void aFollowingIndexKeepsTheSequenceNumberAndLiesWithinHalfATurn() {
    qt().forAll(longs().between(-1, PacketIndex.MAX_SRTP), integers().between(0, 0xffff))
        .check((last, seq) -> {
          long index = PacketIndex.following(last, seq);
          return PacketIndex.seq(index) == seq && Math.abs(index - last) <= 32_768;
        });
  }

  @Test
  void splitsAndJoins() {
    qt().forAll(longs().between(0, PacketIndex.MAX_SRTP))
        .check(index ->
            PacketIndex.of(PacketIndex.rolloverCounter(index), PacketIndex.seq(index)) == index);
  }

  @Test
  void prefersTheSameTurnAtExactlyHalfATurn() {
    assertThat(PacketIndex.estimate(0x3_0000, 0x8000)).isEqualTo(0x3_8000);
    assertThat(PacketIndex.estimate(0x3_8000, 0)).isEqualTo(0x3_0000);
  }

  /// The pseudo code of the standard, but for a rollover counter of -1.
  private static long appendixA(long reference, int seq) {
    long roc = reference >>> 16;
    int highest = (int) (reference & 0xffff);
    long v = roc;
    if (highest < 32_768) {
      if (seq - highest > 32_768) {
        v = Math.max(0, roc - 1);
      }
    } else if (highest - 32_768 > seq) {
      v = roc + 1;
    }
    return (v << 16) + seq;
  }
}
