package parley.gateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How log lines look: JSON for machines, plain for a person at a terminal.
///
/// Decided before the first logger exists, hence from the bare arguments, and handed to
/// `logback.xml` as the system property `parley.log`.
enum LogStyle {
  JSON,
  PLAIN;

  static final String PROPERTY = "parley.log";
  private static final Path STDERR = Path.of("/proc/self/fd/2");

  /// @param target JSON is the default in a file, as it is in a pipe
  static LogStyle of(String[] args, LogTarget target) {
    for (int i = 0; i < args.length; i++) {
      String value = args[i].equals("--log") && i + 1 < args.length ? args[i + 1] : args[i];
      if (value.equalsIgnoreCase("plain") || value.equalsIgnoreCase("--log=plain")) {
        return PLAIN;
      }
      if (value.equalsIgnoreCase("json") || value.equalsIgnoreCase("--log=json")) {
        return JSON;
      }
    }
    return target.file() == null && isStderrTerminal() ? PLAIN : JSON;
  }

  /// @param place the beginning of the names of the appenders there, empty for stderr
  void apply(String place) {
    System.setProperty(PROPERTY, place + (this == PLAIN ? "plain" : "json"));
  }

  private static boolean isStderrTerminal() {
    try {
      String target = Files.readSymbolicLink(STDERR).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException _) {
      return false; // no /proc here: machines are the safer guess
    }
  }
}
