package parley.gateway.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.gateway.demo.Demo;
import parley.gateway.demo.DemoFolder;
import parley.gateway.demo.DemoLog;
import parley.gateway.demo.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley demo`: the whole system on loopback, checked octet by octet.
@Command(
    name = "demo",
    description = {
      "Plays the whole system on loopback, with real sockets, in under a minute.",
      "A BSF and a KMS over HTTPS, a group manager, a gateway and four terminals; speech relayed,"
          + " re-keyed, recorded;",
      "attacks sent and refused. Fails unless every payload arrives octet by octet."
    },
    footer = {
      "",
      "Examples:",
      "  parley demo                      leaves the speech and the roles' log in demo-out/",
      "  parley demo --out demo --keep    leaves vaults, configuration and recordings, too",
      "",
      "Exit codes: 0 all as it should be, 1 a check failed, 2 usage, 3 the directory cannot be"
          + " used."
    })
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "demo-out",
      description = "Where the speech files and the log go (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("demo-out");

  @Option(names = "--keep", description = "Keep vaults, configuration and recordings, in DIR/work.")
  private boolean keep;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter writer = requireNonNull(spec).commandLine().getOut();
    Terminal terminal = new Terminal(writer, Colours.wanted());
    Path directory = directory();
    try (DemoFolder work = DemoFolder.in(directory, keep);
        DemoLog log = DemoLog.to(directory.resolve("demo.log"))) {
      boolean right = new Demo(work.path(), directory, terminal).play();
      writer.println("the roles' log: " + log.file());
      writer.println(keep ? "kept: " + work.path() : "vaults and recordings are removed (--keep)");
      writer.flush();
      return (right ? ExitCode.OK : ExitCode.FAILED).code();
    }
  }

  private Path directory() throws CommandFailed {
    try {
      return Files.createDirectories(out);
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.MISSING_PREREQUISITE,
          "the directory %s cannot be made (%s); choose another --out".formatted(out, e),
          e);
    }
  }
}
