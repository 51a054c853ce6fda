package parley.gateway.keying;

import static org.assertj.core.api.Assertions.assertThat;

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

  @Test
  void aSourceThatFloodsDelaysOnlyItself() throws InterruptedException {
    try (VerifyPool pool = new VerifyPool("test", 1, 100, 1000)) {
      block(pool);
      for (int i = 0; i < 50; i++) {
        pool.submit("flooder", () -> done.add("flooder"));
      }
      pool.submit("honest", () -> done.add("honest"));
      gate.countDown();
      assertThat(List.of(next(), next())).contains("honest");
    }
  }

  @Test
  void refusesAtOnceWhatDoesNotFit() throws InterruptedException {
    try (VerifyPool pool = new VerifyPool("test", 1, 2, 3)) {
      block(pool);
      assertThat(pool.submit("a", () -> done.add("a1"))).isTrue();
      assertThat(pool.submit("a", () -> done.add("a2"))).isTrue();
      assertThat(pool.submit("a", () -> done.add("a3"))).as("bound of one source").isFalse();
      assertThat(pool.submit("b", () -> done.add("b1"))).isTrue();
      assertThat(pool.submit("c", () -> done.add("c1"))).as("bound of all").isFalse();
      gate.countDown();
      assertThat(List.of(next(), next(), next())).containsExactly("a1", "b1", "a2");
      assertThat(pool.depth()).isZero();
    }
  }

  @Test
  void goesOnAfterAJobThatThrows() throws InterruptedException {
    try (VerifyPool pool = new VerifyPool("test", 1, 10, 10)) {
      pool.submit(
          "a",
          () -> {
            throw new IllegalStateException("on purpose");
          });
      pool.submit("a", () -> done.add("after"));
      assertThat(next()).isEqualTo("after");
    }
  }

  @Test
  void takesNothingOnceClosed() {
    VerifyPool pool = new VerifyPool("test", 1, 10, 10);
    pool.close();
    assertThat(pool.submit("a", () -> done.add("late"))).isFalse();
  }
}
