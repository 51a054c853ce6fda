package parley.gateway.cli;

import java.io.Console;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help;

/// Colours for people at a terminal who did not ask for none (no-color.org).
final class Colours {
  private static final String RED = "\033[31m";
  private static final String PLAIN = "\033[0m";

  private Colours() {}

  static boolean wanted() {
    return isTerminal() && allows(System.getenv());
  }

  static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  static boolean allows(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  static Help.ColorScheme ofHelp() {
    return Help.defaultColorScheme(wanted() ? Help.Ansi.ON : Help.Ansi.OFF);
  }

  /// What should strike the eye.
  static String alarm(String text) {
    return wanted() ? RED + text + PLAIN : text;
  }
}
