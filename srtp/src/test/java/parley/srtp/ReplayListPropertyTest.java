package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayListPropertyTest {
  /// What the list must do, without a window of bits: remember everything.
  private static final class NaiveList {
    private final Set<Long> seen = new HashSet<>();
    private long highest = -1;

    Verdict check(long index) {
      if (index <= highest - ReplayList.WINDOW) {
        return Verdict.STALE;
      }
      return seen.contains(index) ? Verdict.REPLAYED : Verdict.ACCEPTED;
    }

    void add(long index) {
      seen.add(index);
      highest = Math.max(highest, index);
    }
  }

  @Test
  void answersAsTheNaiveListForSmallSteps() {
    qt().forAll(
            longs().between(0, PacketIndex.MAX_SRTP / 2),
            lists().of(integers().between(-100, 101)).ofSizeBetween(0, 500))
        .check(ReplayListPropertyTest::agreesWithNaiveList);
  }

  @Test
  void answersAsTheNaiveListForStepsAcrossTheWindow() {
    qt().forAll(
            longs().between(0, PacketIndex.MAX_SRTP / 2),
            lists().of(integers().between(-1100, 1300)).ofSizeBetween(0, 300))
        .check(ReplayListPropertyTest::agreesWithNaiveList);
  }

  private static boolean agreesWithNaiveList(long start, List<Integer> steps) {
    ReplayList list = new ReplayList();
    NaiveList naive = new NaiveList();
    long index = start;
    for (int step : steps) {
      index = Math.max(0, index + step);
      Verdict verdict = list.check(index);
      if (verdict != naive.check(index)) {
        return false;
      }
      if (verdict == Verdict.ACCEPTED) {
        list.add(index);
        naive.add(index);
      }
    }
    return list.highest() == naive.highest;
  }

  @Test
  void theWindowEndsAfter1024Indices() {
    ReplayList list = new ReplayList();
    list.add(5000);
    assertThat(list.check(5000)).isEqualTo(Verdict.REPLAYED);
    assertThat(list.check(5000 - 1023)).isEqualTo(Verdict.ACCEPTED);
    assertThat(list.check(5000 - 1024)).isEqualTo(Verdict.STALE);
  }

  @Test
  void askingChangesNothing() {
    ReplayList list = new ReplayList();
    list.add(7);
    String before = list.toString();
    list.check(7);
    list.check(1_000_000);
    assertThat(list).hasToString(before);
  }
}
