package parley.gateway.media;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Differentiated services code points, by number or by the names of the registry: `EF`, `AF41`,
/// `CS5`, `VA` for voice that was admitted (RFC 5865), `LE` (RFC 8622), `DF`.
public final class Dscp {
  private static final int HIGHEST = 63;
  private static final Map<String, Integer> NAMES = names();

  private Dscp() {}

  private static Map<String, Integer> names() {
    Map<String, Integer> names = new HashMap<>(Map.of("DF", 0, "LE", 1, "VA", 44, "EF", 46));
    for (int i = 0; i < 8; i++) {
      names.put("CS" + i, i << 3);
    }
    for (int queue = 1; queue <= 4; queue++) {
      for (int drop = 1; drop <= 3; drop++) {
        names.put("AF" + queue + drop, (queue << 3) | (drop << 1));
      }
    }
    return Map.copyOf(names);
  }

  /// The code point, 0 to 63.
  ///
  /// @throws IllegalArgumentException with a sentence that says what would be right
  public static int parse(String text) {
    Integer named = NAMES.get(text.toUpperCase(Locale.ROOT));
    if (named != null) {
      return named;
    }
    if (text.matches("[0-9]{1,2}") && Integer.parseInt(text) <= HIGHEST) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException(
        text + " is no DSCP; write EF, VA, CS0 to CS7, AF11 to AF43, LE, DF or 0 to 63");
  }
}
