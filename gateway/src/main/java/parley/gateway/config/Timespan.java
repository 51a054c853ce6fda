package parley.gateway.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A time as people write it: `500ms`, `30s`, `10m`, `1h`, `7d`.
public final class Timespan {
  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

  private Timespan() {}

  /// @throws IllegalArgumentException with what would be right
  public static Duration between(Duration lowest, Duration highest, String text) {
    Duration value = of(text);
    if (value.compareTo(lowest) < 0 || value.compareTo(highest) > 0) {
      throw new IllegalArgumentException(
          "%s is not between %s and %s".formatted(text, written(lowest), written(highest)));
    }
    return value;
  }

  private static Duration of(String text) {
    Matcher m = WRITTEN.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          text + " is no time; write a number and ms, s, m, h or d, for example 30s");
    }
    long number = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private static String written(Duration d) {
    if (d.toHours() % 24 == 0 && d.toDays() > 1) {
      return d.toDays() + "d";
    }
    if (d.toMinutes() % 60 == 0 && d.toHours() > 0) {
      return d.toHours() + "h";
    }
    if (d.toMillis() % 1000 != 0) {
      return d.toMillis() + "ms";
    }
    return d.toSeconds() % 60 == 0 && d.toSeconds() > 0 ? d.toMinutes() + "m" : d.toSeconds() + "s";
  }
}
