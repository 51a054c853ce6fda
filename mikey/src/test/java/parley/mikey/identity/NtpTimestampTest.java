package parley.mikey.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NtpTimestampTest {
  private static final Instant FIRST = Instant.parse("1968-01-20T03:14:08Z");
  private static final Instant END = Instant.parse("2104-02-26T09:42:24Z");

  /// RFC 4330, 3: the top bit tells the era.
  @ParameterizedTest
  @CsvSource({
    "8000000000000000, 1968-01-20T03:14:08Z",
    "83aa7e8000000000, 1970-01-01T00:00:00Z",
    "d104db3000000000, 2011-02-15T11:00:00Z",
    "ffffffff80000000, 2036-02-07T06:28:15.5Z",
    "0000000000000000, 2036-02-07T06:28:16Z",
    "7fffffff00000000, 2104-02-26T09:42:23Z"
  })
  void countsThroughTheWrapOf2036(String octets, Instant instant) {
    var t = new NtpTimestamp(HexFormat.fromHexDigitsToLong(octets));
    assertThat(t.toInstant()).isEqualTo(instant);
    assertThat(NtpTimestamp.of(instant)).isEqualTo(t);
    assertThat(t.octets()).isEqualTo(HexFormat.of().parseHex(octets));
    assertThat(t).hasToString(instant.toString());
  }

  @Test
  void everyNanosecondSurvives() {
    qt().forAll(
            longs().between(FIRST.getEpochSecond(), END.getEpochSecond() - 1),
            integers().between(0, 999_999_999))
        .as(Instant::ofEpochSecond)
        .check(instant -> NtpTimestamp.of(instant).toInstant().equals(instant));
  }

  @Test
  void orderIsThatOfTime() {
    qt().forAll(longs().all(), longs().all())
        .checkAssert((a, b) -> {
          var left = new NtpTimestamp(a);
          var right = new NtpTimestamp(b);
          int byTime = left.toInstant().compareTo(right.toInstant());
          assertThat(Integer.signum(left.compareTo(right)))
              .isIn(
                  byTime == 0 ? new Integer[] {-1, 0, 1} : new Integer[] {Integer.signum(byTime)});
        });
  }

  @Test
  void afterIsAlwaysLater() {
    var t = NtpTimestamp.of(Instant.parse("2026-11-23T00:00:00Z"));
    var earlier = new NtpTimestamp(t.bits() - 1);
    assertThat(t.after(earlier)).isEqualTo(t);
    assertThat(t.after(t)).isEqualTo(new NtpTimestamp(t.bits() + 1));
    assertThat(earlier.after(t)).isGreaterThan(t);
    assertThat(new NtpTimestamp(-2).after(new NtpTimestamp(-1))).isEqualTo(new NtpTimestamp(0));
    var last = new NtpTimestamp(Long.MAX_VALUE);
    assertThatThrownBy(() -> t.after(last)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void refusesTimesThatNoTimestampNames() {
    assertThat(NtpTimestamp.of(FIRST).bits()).isEqualTo(Long.MIN_VALUE);
    assertThatThrownBy(() -> NtpTimestamp.of(FIRST.minusNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NtpTimestamp.of(END)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isLaterByOneUnit() {
    Instant whole = Instant.parse("2026-11-23T12:00:00.5Z");
    NtpTimestamp t = NtpTimestamp.of(whole);
    assertThat(t.isAfter(whole)).isFalse();
    assertThat(new NtpTimestamp(t.bits() + 1).isAfter(whole)).isTrue();
    assertThat(new NtpTimestamp(t.bits() + 1).toInstant()).isEqualTo(whole);
    assertThat(new NtpTimestamp(t.bits() - 1).isAfter(whole)).isFalse();
    assertThat(t.isAfter(whole.minusNanos(1))).isTrue();
    assertThat(t.isAfter(whole.plusSeconds(1))).isFalse();
    assertThat(t.isAfter(whole.minusSeconds(1))).isTrue();
  }
}
