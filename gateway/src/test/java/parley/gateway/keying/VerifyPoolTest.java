package parley.gateway.keying;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VerifyPoolTest {
  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch busy = new CountDownLatch(1);
  private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

  private void block(VerifyPool pool) throws InterruptedException {
    assertThat(
            pool.submit(
                "blocker",
                "blocker",
                () -> {
                  busy.countDown();
                  try {
                    gate.await();
                  } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                  }
                }))
        .isTrue();
    busy.await();
  }

  private String next() throws InterruptedException {
    String job = done.poll(10, TimeUnit.SECONDS);
    return job == null ? "nothing" : job;
  }

  private boolean submit(VerifyPool pool, String group, String source, String told) {
    return pool.submit(group, source, () -> done.add(told));
  }

  private List<String> open(int jobs) throws InterruptedException {
    gate.countDown();
    var order = new ArrayList<String>();
    for (int i = 0; i < jobs; i++) {
      order.add(next());
    }
    return order;
  }

  @Test
  void aSourceThatFloodsDelaysOnlyItself() throws InterruptedException {
    try (VerifyPool pool = new VerifyPool("test", 1, new PoolBounds(100, 1000, 1000))) {
      block(pool);
      for (int i = 0; i < 50; i++) {
        submit(pool, "group", "flooder", "flooder");
      }
      submit(pool, "group", "honest", "honest");
      assertThat(open(2)).contains("honest");
    }
  }

  @Test
  void aFloodFromAnyNumberOfAddressesStaysWithinItsGroup() throws InterruptedException {
    try (VerifyPool pool = new VerifyPool("test", 1, new PoolBounds(2, 8, 16))) {
      block(pool);
      int taken = 0;
      for (int i = 0; i < 100; i++) {
        taken += submit(pool, "flooded", "forged " + i, "flood") ? 1 : 0;
      }
      assertThat(taken).isEqualTo(8);
      assertThat(submit(pool, "other", "honest", "honest")).isTrue();
      assertThat(open(2)).contains("honest");
    }
  }

  @Test
  void oneAddressBringsAsManyGroupsAsThereIsRoomFor() throws InterruptedException {
    try (VerifyPool pool = new VerifyPool("test", 1, new PoolBounds(1, 1, 300))) {
      block(pool);
      for (int i = 0; i < 300; i++) {
        assertThat(submit(pool, "group " + i, "trunk", "first of " + i)).isTrue();
      }
      assertThat(open(300)).doesNotHaveDuplicates().doesNotContain("nothing");
    }
  }

  @Test
  void newJobsAndRepeatsTakeNoRoomFromEachOther() throws InterruptedException {
    try (VerifyPool pool = new VerifyPool("test", 1, new PoolBounds(3, 3, 3))) {
      block(pool);
      for (int i = 0; i < 3; i++) {
        assertThat(pool.submitRepeat("group", "trunk", () -> done.add("repeat"))).isTrue();
      }
      assertThat(pool.submitRepeat("group", "trunk", () -> done.add("repeat"))).isFalse();
      for (int i = 0; i < 3; i++) {
        assertThat(submit(pool, "group", "trunk", "first")).isTrue();
      }
      assertThat(pool.depth()).isEqualTo(6);
      List<String> order = open(6);
      assertThat(order.subList(0, 2)).containsExactlyInAnyOrder("first", "repeat");
      assertThat(order.subList(2, 4)).containsExactlyInAnyOrder("first", "repeat");
    }
  }

  @Test
  void refusesAtOnceWhatDoesNotFit() throws InterruptedException {
    try (VerifyPool pool = new VerifyPool("test", 1, new PoolBounds(2, 3, 4))) {
      block(pool);
      assertThat(submit(pool, "g", "a", "a1")).isTrue();
      assertThat(submit(pool, "g", "a", "a2")).isTrue();
      assertThat(submit(pool, "g", "a", "a3")).as("bound of one source").isFalse();
      assertThat(submit(pool, "g", "b", "b1")).isTrue();
      assertThat(submit(pool, "g", "c", "c1")).as("bound of one group").isFalse();
      assertThat(submit(pool, "h", "a", "h1")).isTrue();
      assertThat(submit(pool, "i", "a", "i1")).as("bound of all").isFalse();
      assertThat(open(4))
          .as("the newest of a source first")
          .containsExactly("a2", "h1", "b1", "a1");
      assertThat(pool.depth()).isZero();
    }
  }

  @Test
  void goesOnAfterAJobThatThrows() throws InterruptedException {
    try (VerifyPool pool = new VerifyPool("test", 1, PoolBounds.bySource(10, 10))) {
      pool.submit(
          "g",
          "a",
          () -> {
            throw new IllegalStateException("on purpose");
          });
      submit(pool, "g", "a", "after");
      assertThat(next()).isEqualTo("after");
    }
  }

  @Test
  void takesNothingOnceClosed() {
    VerifyPool pool = new VerifyPool("test", 1, PoolBounds.bySource(10, 10));
    pool.close();
    assertThat(submit(pool, "g", "a", "late")).isFalse();
  }
}
