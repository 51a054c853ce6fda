package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.ceremony.Transcript;
import picocli.CommandLine.Option;

/// The record of a ceremony, which the commands of ceremonies have as an option.
final class TranscriptOption {
  @Option(
      names = "--transcript",
      paramLabel = "FILE",
      description = "Write what was done, before whom, to a new file.")
  @Nullable Path file;

  @Option(names = "--witness", paramLabel = "NAME", description = "Who is there; repeatable.")
  List<String> witnesses = List.of();

  /// What a ceremony notes before it is done.
  interface Notes {
    Transcript of(Transcript begun);
  }

  /// Before anything is made, so that nothing is made that cannot be put on record; null where
  /// nobody wants a record.
  @Nullable Transcript begin(String ceremony, Instant now, Notes notes) throws CommandFailed {
    if (file == null) {
      return null;
    }
    if (Files.exists(file)) {
      throw new CommandFailed(ExitCode.FAILED, file + " exists already; choose another path");
    }
    try {
      return notes.of(Transcript.of(ceremony, now, witnesses));
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, "--transcript, --witness: " + e.getMessage(), e);
    }
  }

  /// Tells the last line as well, which witnesses write down.
  void write(Transcript record, PrintWriter out) throws IOException {
    if (file != null) {
      record.write(file);
      out.println("transcript: " + file + "; its last line is");
      out.println("  " + record.text().lines().reduce((_, last) -> last).orElse(""));
    }
  }
}
