package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.SmsFileName;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.transport.SmsLimits;
import parley.mikey.transport.SmsOutcome;
import parley.mikey.transport.SmsReassembly;
import parley.mikey.transport.SmsSegments;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley mikey join`: short messages as a message.
@Command(
    name = "join",
    description = "Puts messages together from files that have a segment each.",
    footer = {
      "",
      "The order does not matter. Prints each message in hexadecimal, or writes the only one to a",
      "file. Segments of one message have one sender: the name of a file up to the last dot before",
      ".NAME.sms; files that are named otherwise have a sender in common. Nothing is verified;",
      "'parley mikey decode' does that.",
      "",
      "Examples:",
      "  parley mikey join sms/",
      "  parley mikey join sms/+4791234567.007-*.sms --out message.bin",
      "",
      "Exit codes: 0 a message is complete; 1 none, or a file is no segment; 2 usage."
    })
final class MikeyJoinCommand implements Callable<Integer> {
  private static final String NOBODY = "?";

  @Parameters(
      arity = "1..*",
      paramLabel = "FOLDER|FILE",
      description = "Segments; of a folder, all its *.sms files.")
  List<Path> sources = List.of();

  @Option(names = "--out", paramLabel = "FILE", description = "Write the message to this file.")
  @Nullable Path out;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, CommandFailed {
    var reassembly = new SmsReassembly(InstantSource.system(), SmsLimits.defaults());
    List<Octets> complete = new ArrayList<>();
    for (Path file : files()) {
      if (take(reassembly, file) instanceof SmsOutcome.Complete(Octets message)) {
        complete.add(message);
      }
    }
    if (complete.isEmpty()) {
      throw new CommandFailed(
          ExitCode.FAILED,
          "no message is complete: segments of %d are missing".formatted(reassembly.messages()));
    }
    show(complete);
    return ExitCode.OK.code();
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path source : sources) {
      if (Files.isDirectory(source)) {
        try (DirectoryStream<Path> found =
            Files.newDirectoryStream(source, "*" + SmsFileName.ENDING)) {
          found.forEach(files::add);
        }
      } else {
        files.add(source);
      }
    }
    return files.stream().sorted().toList();
  }

  private static SmsOutcome take(SmsReassembly reassembly, Path file)
      throws IOException, CommandFailed {
    String sender = SmsFileName.of(file).map(SmsFileName::sender).orElse(NOBODY);
    try {
      if (Files.size(file) > SmsSegments.MAX_USER_DATA_OCTETS) {
        throw new CommandFailed(
            ExitCode.FAILED, file + " is no segment: it has more than 140 octets");
      }
      SmsOutcome outcome = reassembly.take(sender, Files.readAllBytes(file));
      if (outcome instanceof SmsOutcome.Refused(SmsOutcome.Reason reason)) {
        throw new CommandFailed(ExitCode.FAILED, file + " does not fit the others: " + reason);
      }
      return outcome;
    } catch (MalformedMessage e) {
      throw new CommandFailed(ExitCode.FAILED, file + " is no segment: " + e.getMessage(), e);
    }
  }

  private void show(List<Octets> complete) throws IOException, CommandFailed {
    if (out == null) {
      PrintWriter terminal = spec.commandLine().getOut();
      complete.forEach(message -> terminal.println(HexFormat.of().formatHex(message.bytes())));
      terminal.flush();
    } else if (complete.size() == 1) {
      Files.write(out, complete.getFirst().bytes());
    } else {
      throw new CommandFailed(
          ExitCode.FAILED,
          complete.size() + " messages do not go into one file; name its segments");
    }
  }
}
