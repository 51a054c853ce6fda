package parley.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthPlanTest {
  @Test
  void aTenthOfTheGroupsIsActiveUntilOneCoreWouldBeFull() {
    assertThat(Scale.of(10, "batch").active()).isEqualTo(1);
    assertThat(Scale.of(1000, "batch").active()).isEqualTo(100);
    assertThat(Scale.of(1000, "batch").isCapped()).isFalse();
    assertThat(Scale.of(1000, "batch").rateIn()).isEqualTo(5000);
    assertThat(Scale.of(10_000, "batch").active()).isEqualTo(100);
    assertThat(Scale.of(10_000, "batch").isCapped()).isTrue();
  }

  @Test
  void theShippedHeapIsForAThousandGroups() {
    assertThat(Scale.of(1000, "batch").jvmOptions()).isEmpty();
    assertThat(Scale.of(10_000, "batch").jvmOptions()).containsExactly("-Xmx4000m");
  }

  @Test
  void nettyIsComparedWhereMemoryHasAGoal() {
    GrowthPlan plan = GrowthPlan.of(List.of(10, 1000), false, false);
    assertThat(plan.sides())
        .containsExactly(
            List.of(Scale.of(10, "batch")),
            List.of(Scale.of(1000, "batch")),
            List.of(Scale.of(1000, "netty")));
  }

  @Test
  void oneLoopAndTwoTakeTurnsUnderTheSameLoad() {
    List<Scale> side = GrowthPlan.of(List.of(10), true, true).sides().getLast();
    assertThat(side).extracting(Scale::loops).containsExactly(1, 2);
    assertThat(side).extracting(Scale::rateIn).containsOnly(2000);
    assertThat(side).extracting(Scale::groups).containsOnly(40);
  }

  @Test
  void talkersHaveTheKeysOfTheMostActive() {
    GrowthPlan plan = GrowthPlan.of(List.of(40, 1000), true, false);
    assertThat(plan.mostActive(40)).isEqualTo(40);
    assertThat(plan.mostActive(1000)).isEqualTo(100);
  }

  @Test
  void groupsWithoutFileDescriptorsAreLeftOut() {
    assertThat(GrowthPlan.within(10_000, 20_000)).isEqualTo(9850);
    assertThat(GrowthPlan.within(1000, 20_000)).isEqualTo(1000);
    assertThat(Scale.of(GrowthPlan.within(10_000, 20_000), "batch").descriptors())
        .isLessThanOrEqualTo(20_000);
  }
}
