package parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.bench.SrtpGoalsTest.row;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SrtpReportTest {
  private static final String CM = "AES_CM_128_HMAC_SHA1_80";

  @Test
  void callsAKernelSickThatIsNotTwiceAsFastAsThePeer() {
    assertThat(
            report(
                    row("native:vaes", CM, 160, 1, "unprotect", 251),
                    row("native", CM, 160, 1, "unprotect", 249),
                    row("jitsi-srtp", CM, 160, 1, "unprotect", 500))
                .sick())
        .singleElement()
        .asString()
        .contains("native:vaes", "251 ns", "unprotect", CM, "2.0x");
  }

  @Test
  void judgesNeitherOtherEnginesNorWorkThatThePeerDidNotDo() {
    assertThat(
            report(
                    row("openssl", CM, 160, 1, "protect", 5000),
                    row("native", CM, 160, 1024, "protect", 5000),
                    row("native", CM, 160, 1, "unprotect", 5000),
                    row("native", CM, 20, 1, "protect", 5000),
                    row("jitsi-srtp", CM, 160, 1, "protect", 500))
                .sick())
        .isEmpty();
  }

  @Test
  void printsTheGoalsBelowTheTable() {
    var printed = new ByteArrayOutputStream();
    report(row("native", CM, 160, 1, "protect", 50), row("jitsi-srtp", CM, 160, 1, "protect", 500))
        .print(new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("10.00x", "jitsi-srtp")
        .endsWith("10.0 times as fast as jitsi-srtp, goal at least 6.5: reached\n");
  }

  private static SrtpReport report(SrtpRow... rows) {
    return new SrtpReport(new Machine(Map.of("cpu", "a processor")), List.of(rows));
  }
}
