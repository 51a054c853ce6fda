package parley.gateway.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What a reader found wrong so far. Reading goes on, so that one run tells everything.
final class Findings {
  private final List<ConfigError> errors = new ArrayList<>();

  void add(String path, Place place, String text) {
    errors.add(new ConfigError(path, place.line(), place.column(), text));
  }

  boolean isEmpty() {
    return errors.isEmpty();
  }

  List<ConfigError> inFileOrder() {
    return errors.stream()
        .sorted(Comparator.comparingInt(ConfigError::line).thenComparingInt(ConfigError::column))
        .toList();
  }
}
