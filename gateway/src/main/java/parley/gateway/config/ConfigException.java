package parley.gateway.config;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A configuration that is refused: everything that is wrong with it, in the order of the file.
public final class ConfigException extends Exception {
  private final transient List<ConfigError> errors;

  ConfigException(Path file, List<ConfigError> errors) {
    super(message(file, errors));
    this.errors = List.copyOf(errors);
  }

  public List<ConfigError> errors() {
    return errors;
  }

  private static String message(Path file, List<ConfigError> errors) {
    String count = errors.size() == 1 ? "one setting is" : errors.size() + " settings are";
    return errors.stream()
        .map(error -> "\n  " + error)
        .collect(Collectors.joining("", file + ": " + count + " wrong", ""));
  }
}
