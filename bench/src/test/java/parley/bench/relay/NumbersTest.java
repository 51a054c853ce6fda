package parley.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void takesMedianAndHalfTheRange() {
    assertThat(Numbers.of(List.of(90.0, 100.0, 130.0))).isEqualTo(new Numbers(100, 20));
    assertThat(Numbers.of(List.of(90.0, 110.0))).isEqualTo(new Numbers(100, 10));
  }

  @Test
  void passesOverWhatIsNoNumber() {
    assertThat(Numbers.of(List.of(Double.NaN, 7.0)).median()).isEqualTo(7);
    assertThat(Numbers.of(List.of(Double.NaN)).median()).isNaN();
  }
}
