package parley.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/// However often something happens, the log has a line of its kind every ten seconds at most.
class LogRationTest {
  private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");

  private enum Kind {
    ONE,
    OTHER
  }

  private final LogRation<Kind> ration = new LogRation<>(Kind.class);

  @Test
  void theFirstOfAKindHasALineAndTheNextSaysHowManyHadNone() {
    assertThat(ration.take(Kind.ONE, T0)).isZero();
    assertThat(ration.take(Kind.ONE, T0.plusSeconds(9))).isEqualTo(LogRation.SILENT);
    assertThat(ration.take(Kind.OTHER, T0.plusSeconds(9))).isZero();
    ration.pass(Kind.ONE);
    assertThat(ration.take(Kind.ONE, T0.plusSeconds(10))).isEqualTo(2);
    assertThat(ration.take(Kind.ONE, T0.plusSeconds(20))).isZero();
  }

  @Test
  void aRationOfManyLinesIsSpentAtOnceOrOneByOne() {
    LogRation<Kind> two = new LogRation<>(Kind.class, 2);
    assertThat(two.take(Kind.ONE, T0)).isZero();
    assertThat(two.take(Kind.ONE, T0)).isZero();
    assertThat(two.take(Kind.ONE, T0)).isEqualTo(LogRation.SILENT);
    assertThat(two.take(Kind.ONE, T0.plusSeconds(10))).isEqualTo(1);
    assertThat(two.take(Kind.ONE, T0.plusSeconds(10))).isZero();
    assertThat(two.take(Kind.ONE, T0.plusSeconds(10))).isEqualTo(LogRation.SILENT);
  }
}
