package parley.gateway.log;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/// The first lines of a kind, then at most so many in ten seconds: nobody can fill the log from
/// outside. Confined to one thread.
public final class LogRation<K extends Enum<K>> {
  /// What [#take] says when there shall be no line.
  public static final long SILENT = -1;

  private static final Duration QUIET = Duration.ofSeconds(10);

  private static final class Kind {
    Instant next = Instant.MIN;
    int left;
    long silent;
  }

  private final Map<K, Kind> kinds;
  private final int lines;

  /// One line in ten seconds.
  public LogRation(Class<K> type) {
    this(type, 1);
  }

  /// So many lines in ten seconds.
  public LogRation(Class<K> type, int lines) {
    this.lines = lines;
    kinds = new EnumMap<>(type);
  }

  /// How many of this kind had no line since the last one, or [#SILENT].
  public long take(K of, Instant now) {
    Kind kind = kinds.computeIfAbsent(of, _ -> new Kind());
    if (!now.isBefore(kind.next)) {
      kind.next = now.plus(QUIET);
      kind.left = lines;
    }
    if (kind.left == 0) {
      kind.silent++;
      return SILENT;
    }
    long unlogged = kind.silent;
    kind.left--;
    kind.silent = 0;
    return unlogged;
  }

  /// One that never has a line.
  public void pass(K of) {
    kinds.computeIfAbsent(of, _ -> new Kind()).silent++;
  }
}
