package parley.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SafepointLogTest {
  @Test
  void addsUpWhatTheJvmWrote() {
    SafepointLog log =
        SafepointLog.parse(
            List.of(
                "[1.2s][info][safepoint] Safepoint \"ZMarkStartYoung\", Time since last: 90 ns, Reaching safepoint: 1 ns, At safepoint: 2 ns, Leaving safepoint: 3 ns, Total: 1500000 ns, Threads: 0 runnable, 9 total",
                "something else",
                "[2.2s][info][safepoint] Safepoint \"ICBufferFull\", Total:     500000 ns"));
    assertThat(log.pauses()).isEqualTo(2);
    assertThat(log).hasToString("2 pauses, the longest 1.50 ms, 2.0 ms together");
    assertThat(log.longerThan(1)).isEqualTo(1);
    assertThat(log.after(1).longestMillis()).isEqualTo(0.5);
  }
}
