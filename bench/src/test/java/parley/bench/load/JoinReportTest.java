package parley.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class JoinReportTest {
  private static final int MILLI = 1_000_000;
  private final Histogram delays = new Histogram(3);

  private static String printed(JoinReport report) {
    var text = new ByteArrayOutputStream();
    report.print(new PrintStream(text, true, StandardCharsets.UTF_8));
    return text.toString(StandardCharsets.UTF_8);
  }

  @Test
  void tellsTheDelaysOfThoseThatHeardAndNamesTheOthers() {
    IntStream.rangeClosed(1, 100).forEach(n -> delays.recordValue((long) n * MILLI));
    List<String> absent = IntStream.range(0, 23).mapToObj(n -> "listener " + n + ": full").toList();
    var report = new JoinReport(124, 101, delays, 20 * MILLI, absent, List.of("a silent one"));
    String text = printed(report);
    assertTrue(text.contains("101  of 124 listeners, by JOIN"), text);
    assertTrue(text.contains("p50 50.0"), text);
    assertTrue(text.contains("p99 99.0"), text);
    assertTrue(text.contains("max 100.0"), text);
    assertTrue(text.contains("a talker's packet each 20 ms"), text);
    assertTrue(text.contains("  listener 19: full"), text);
    assertFalse(text.contains("listener 20"), text);
    assertTrue(text.contains("and 3 more"), text);
    assertTrue(text.contains("a silent one"), text);
    assertFalse(report.isComplete());
  }

  @Test
  void isIncompleteWhenOneHearsNothing() {
    var silent = new JoinReport(1, 1, delays, MILLI, List.of(), List.of("a silent one"));
    assertFalse(silent.isComplete());
    assertFalse(printed(silent).contains("p50"));
    var all = new JoinReport(1, 1, delays, MILLI, List.of(), List.of());
    assertTrue(all.isComplete());
    assertEquals(1, printed(all).lines().count());
  }
}
