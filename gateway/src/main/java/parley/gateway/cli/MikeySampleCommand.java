package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import parley.mikey.sample.SampleSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley mikey sample`: the published messages, made anew.
@Command(
    name = "sample",
    description = "Writes one message of each kind, with every key that went into it.",
    footer = {
      "",
      "For those who write another implementation, or test one. The set is the same octets at every",
      "run; samples.json holds all inputs and results, README.txt says how to verify them. Its keys",
      "are public on purpose and must never protect anything.",
      "",
      "Examples:",
      "  parley mikey sample --out samples",
      "  parley mikey decode --kms-certificate samples/kms-rfc6509.cert samples/gmk-rfc6509.mikey",
      "",
      "Exit codes: 0 written; 1 the folder cannot be written; 2 usage."
    })
final class MikeySampleCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Where the files go; made where there is none. Older samples are written over.")
  Path folder = Path.of("");

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    SampleSet set = SampleSet.make();
    set.write(folder);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d messages and their keys are in %s%n", set.samples().size(), folder);
    out.flush();
    return ExitCode.OK.code();
  }
}
