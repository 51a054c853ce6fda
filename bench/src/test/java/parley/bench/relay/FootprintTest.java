package parley.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FootprintTest {
  @Test
  void readsTheLinesOfTheKernel() {
    List<String> lines =
        List.of("5581-7ffd ---p 00000000 [rollup]", "Rss:    1234 kB", "Pss: 56 kB");
    assertThat(Footprint.octets(lines, "Rss")).isEqualTo(1234 * 1024);
    assertThat(Footprint.octets(lines, "Pss")).isEqualTo(56 * 1024);
  }

  @Test
  void thisProcessOccupiesSomething() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/smaps_rollup")), "no /proc/PID/smaps_rollup");
    Footprint here = Footprint.of(ProcessHandle.current().pid());
    assertThat(here.rssOctets()).isGreaterThanOrEqualTo(here.pssOctets()).isPositive();
    assertThat(here.descriptors()).isPositive();
    assertThat(here.threads()).isGreaterThan(1);
  }
}
