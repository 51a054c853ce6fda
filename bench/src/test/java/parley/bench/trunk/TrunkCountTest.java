package parley.bench.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrunkCountTest {
  private static final String METRICS =
      """
      # TYPE parley_trunk_frames_total counter
      parley_trunk_frames_total{direction="out",trunk="127.2.0.1:5010"} 1200.0
      parley_trunk_frames_total{direction="out",trunk="127.2.0.1:5012"} 300.0
      parley_trunk_frames_total{direction="in",trunk="127.2.0.1:5014"} 7.0
      parley_trunk_frames_dropped_total{direction="out",reason="unknown_tag",trunk="127.2.0.1:5010"} 9.0
      parley_trunk_messages_total{direction="out",trunk="127.2.0.1:5010"} 1.0E2
      parley_trunk_messages_total{direction="in",trunk="127.2.0.1:5014"} 7.0
      """;

  @Test
  void oneDirectionOfAllTrunksIsCounted() {
    assertThat(TrunkCount.of(METRICS, "out")).isEqualTo(new TrunkCount(1500, 100));
    assertThat(TrunkCount.of(METRICS, "in")).isEqualTo(new TrunkCount(7, 7));
  }

  @Test
  void aWindowIsWhatCameSince() {
    TrunkCount window = new TrunkCount(1500, 100).since(new TrunkCount(500, 50));
    assertThat(window).isEqualTo(new TrunkCount(1000, 50));
    assertThat(window.framesPerMessage()).isEqualTo(20);
  }

  @Test
  void whereThereIsNoTrunkNothingIsSaid() {
    assertThat(TrunkCount.of("", "out").framesPerMessage()).isNaN();
  }
}
