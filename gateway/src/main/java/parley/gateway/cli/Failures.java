package parley.gateway.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/// Turns what a library threw into the sentence and the exit code of a subcommand.
final class Failures {
  private Failures() {}

  static CommandFailed explain(Exception e) {
    return switch (e) {
      case CommandFailed failed -> failed;
      case NoSuchFileException missing ->
          failed(ExitCode.MISSING_PREREQUISITE, missing.getFile() + " does not exist", e);
      case AccessDeniedException denied ->
          failed(
              ExitCode.MISSING_PREREQUISITE,
              denied.getFile() + " may not be read or written by this user",
              e);
      case FileAlreadyExistsException exists ->
          failed(ExitCode.FAILED, exists.getFile() + " exists already and is not overwritten", e);
      case IOException io ->
          failed(ExitCode.FAILED, io.getMessage() == null ? io.toString() : io.getMessage(), e);
      default ->
          failed(ExitCode.FAILED, "a fault in parley itself: " + e + " (--debug shows where)", e);
    };
  }

  private static CommandFailed failed(ExitCode code, String sentence, Exception cause) {
    return new CommandFailed(code, sentence, cause);
  }
}
