package parley.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void alignsTextLeftAndNumbersRightUnderAHeaderOfTwoLines() {
    Table table = new Table("who", "packets\nsent").row("alice", 7).row("bo", 1234);
    assertThat(table.lines())
        .containsExactly(
            "who    packets", "       sent", "--------------", "alice        7", "bo        1234");
  }
}
