package parley.bench.trunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import parley.bench.rig.LegAddresses;

class TrunkPlanTest {
  private static final List<String> BOTH = List.of("batch", "netty");

  private static TrunkPlan plan(List<Integer> groups, int perGroup, int rounds) {
    return TrunkPlan.of(groups, BOTH, perGroup, rounds, false);
  }

  @Test
  void eachNumberOfGroupsIsComparedOnEachPath() {
    assertThat(plan(List.of(32, 256), 50, 5).sides())
        .containsExactly(
            new Side(32, "batch", 50),
            new Side(256, "batch", 50),
            new Side(32, "netty", 50),
            new Side(256, "netty", 50));
  }

  @Test
  void everyGroupTalksAtItsRate() {
    assertThat(new Side(32, "batch", 50).rate()).isEqualTo(1600);
  }

  @Test
  void windowsAreWholeRounds() {
    Side side = new Side(32, "batch", 50);
    assertThat(side.wholeRounds(4800)).isEqualTo(4800);
    assertThat(side.wholeRounds(4810)).isEqualTo(4800);
    assertThat(side.wholeRounds(1)).isEqualTo(32);
  }

  @Test
  void keysAreForTheLargest() {
    assertThat(plan(List.of(32, 256, 100), 50, 5).mostGroups()).isEqualTo(256);
  }

  @Test
  void aFirstLookIsShorter() {
    TrunkPlan quick = TrunkPlan.of(List.of(32), BOTH, 50, 2, true);
    TrunkPlan whole = plan(List.of(32), 50, 2);
    assertThat(quick.seconds()).isLessThan(whole.seconds());
    assertThat(quick.warmUpPackets()).isLessThan(whole.warmUpPackets());
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan(List.of(0), 50, 5))
        .withMessageContaining("--groups");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan(List.of(TrunkPlan.MOST_GROUPS + 1), 1, 5))
        .withMessageContaining("--groups");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan(List.of(32), 0, 5))
        .withMessageContaining("--rate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan(List.of(1000), TrunkPlan.MOST_RATE / 1000 + 1, 5))
        .withMessageContaining("--rate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan(List.of(32), 50, 0))
        .withMessageContaining("--rounds");
  }

  @Test
  void groupsShareATrunkAndHaveALegEach() {
    var between = new LegAddresses(0x7f02_0001, 5010);
    assertThat(Way.TRUNK.relay(between, 3)).isEqualTo("{trunk: '127.2.0.1:5010'}");
    assertThat(Way.TRUNK.listen(between, 3)).isEqualTo("{trunk: '127.2.0.1:5010'}");
    assertThat(Way.LEGS.relay(between, 3)).isEqualTo("{to: '127.2.0.4:5010'}");
    assertThat(Way.LEGS.listen(between, 3)).isEqualTo("{unicast: '127.2.0.4:5010'}");
  }
}
