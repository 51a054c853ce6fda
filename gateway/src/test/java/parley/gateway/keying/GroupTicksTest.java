package parley.gateway.keying;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Groups of one loop look at the time together, but not all at once. Time is the test's.
class GroupTicksTest {
  private static final int GROUPS = 2 * GroupTicks.AT_ONCE + 44;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final EventLoop loop = channel.eventLoop();
  private final GroupTicks ticks = new GroupTicks();
  private final List<Integer> ticked = new ArrayList<>();
  private final List<Runnable> groups = new ArrayList<>();

  @BeforeEach
  void addGroups() {
    channel.freezeTime();
    for (int i = 0; i < GROUPS; i++) {
      int group = i;
      groups.add(() -> ticked.add(group));
      ticks.add(loop, groups.getLast());
    }
  }

  @AfterEach
  void close() {
    var _ = channel.close();
  }

  private void after(int millis) {
    for (int i = 0; i < millis; i++) {
      channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  @Test
  void eachHasItsTurnEvery100MillisInPartsAMillisecondApart() {
    after(99);
    assertThat(ticked).isEmpty();
    for (int round = 0; round < 3; round++) {
      ticked.clear();
      after(1);
      assertThat(ticked).hasSize(GroupTicks.AT_ONCE);
      after(1);
      assertThat(ticked).hasSize(2 * GroupTicks.AT_ONCE);
      after(1);
      assertThat(ticked).hasSize(GROUPS).doesNotHaveDuplicates();
      after(97);
      assertThat(ticked).hasSize(GROUPS);
    }
  }

  @Test
  void oneThatGoesTakesNobodysTurn() {
    after(100);
    ticks.remove(loop, groups.get(3));
    ticks.remove(loop, groups.getLast());
    after(2);
    assertThat(ticked).hasSize(GROUPS - 1).doesNotHaveDuplicates().doesNotContain(GROUPS - 1);
    ticked.clear();
    after(100);
    assertThat(ticked).hasSize(GROUPS - 2).doesNotContain(3);
  }

  @Test
  void oneThatFailsIsAskedAgainAndStopsNobody() {
    List<String> failed = new ArrayList<>();
    ticks.add(
        loop,
        () -> {
          failed.add("once more");
          throw new IllegalStateException("a fault, as this test wants it");
        });
    ticks.add(loop, () -> ticked.add(GROUPS));
    for (int round = 0; round < 2; round++) {
      after(100);
    }
    after(2);
    assertThat(failed).hasSize(2);
    assertThat(ticked.stream().filter(group -> group == GROUPS)).hasSize(2);
  }

  @Test
  void theyBeginAgainAfterAllHaveGone() {
    groups.forEach(group -> ticks.remove(loop, group));
    after(200);
    assertThat(ticked).isEmpty();
    ticks.add(loop, groups.getFirst());
    after(100);
    assertThat(ticked).containsExactly(0);
  }
}
