package parley.bench;

import org.openjdk.jmh.runner.RunnerException;

/// Failures of JVMs that measure, told in one sentence.
public final class Failures {
  private Failures() {}

  /// What went wrong in the process that measured.
  public static String root(RunnerException failure) {
    Throwable root = failure;
    while (root.getCause() != null || root.getSuppressed().length > 0) {
      root = root.getCause() != null ? root.getCause() : root.getSuppressed()[0];
    }
    return String.valueOf(root.getMessage());
  }
}
