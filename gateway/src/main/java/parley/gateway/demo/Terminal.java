package parley.gateway.demo;

import java.io.PrintWriter;
import java.nio.file.Path;

/// What the demo tells its audience: acts, steps, and whether each came out right.
///
/// Colours only where they are wanted; every line stands alone, so the output reads the same in a
/// file. Thread-safe: listeners report from their own threads.
public final class Terminal {
  private static final String BOLD = "\033[1m";
  private static final String GREEN = "\033[32m";
  private static final String RED = "\033[31m";
  private static final String GREY = "\033[90m";
  private static final String PLAIN = "\033[0m";

  private final PrintWriter out;
  private final boolean colours;
  private final long startedNanos = System.nanoTime();

  public Terminal(PrintWriter out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  /// A path as somebody in this directory would type it.
  static Path shown(Path file) {
    Path here = Path.of("").toAbsolutePath();
    return file.startsWith(here) ? here.relativize(file) : file;
  }

  /// Begins an act.
  synchronized void act(String title) {
    out.println();
    println(paint(BOLD, title));
  }

  /// Something that has been done.
  void step(String text) {
    println(paint(GREY, "%5.1f s  ".formatted(seconds())) + text);
  }

  /// A check that passed.
  void good(String text) {
    println(paint(GREY, "%5.1f s  ".formatted(seconds())) + paint(GREEN, "ok  ") + text);
  }

  /// A check that failed.
  void bad(String text) {
    println(paint(GREY, "%5.1f s  ".formatted(seconds())) + paint(RED, "BAD ") + text);
  }

  /// Tells how a check came out, and returns that.
  boolean check(boolean passed, String text) {
    if (passed) {
      good(text);
    } else {
      bad(text);
    }
    return passed;
  }

  /// A line without a time.
  void line(String text) {
    println(text);
  }

  double seconds() {
    return (System.nanoTime() - startedNanos) / 1e9;
  }

  private synchronized void println(String text) {
    out.println(text);
    out.flush();
  }

  private String paint(String colour, String text) {
    return colours ? colour + text + PLAIN : text;
  }
}
