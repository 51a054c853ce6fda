package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.gateway.record.CannotDecrypt;
import parley.gateway.record.ExportReport;
import parley.gateway.record.NotARecording;
import parley.gateway.record.NothingRecorded;
import parley.gateway.record.RecordingExport;
import parley.gateway.record.RecordingSummary;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley recordings`: what was recorded, whether it is unaltered, and exports of it.
@Command(
    name = "recordings",
    description = "Lists, verifies and exports recorded talk bursts.",
    subcommands = {
      RecordingsCommand.ListCommand.class,
      RecordingsCommand.ShowCommand.class,
      RecordingsCommand.ExportCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  parley recordings list /var/lib/parley/recordings",
      "  parley recordings show --json burst.parley",
      "  parley recordings export burst.parley --format wav --vault /var/lib/parley/vault"
    })
public final class RecordingsCommand {
  /// `parley recordings list`.
  @Command(
      name = "list",
      description = "Lists the recordings below a directory; needs no key.",
      footer = {
        "",
        "Examples:",
        "  parley recordings list /var/lib/parley/recordings",
        "  parley recordings list --json --talker sip:alice@example.org recordings",
        "",
        "Exit code 1: a file in the directory could not be read as a recording."
      })
  static final class ListCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIRECTORY", description = "Where the gateway records to.")
    Path directory = Path.of(".");

    @Option(names = "--group", paramLabel = "URI", description = "Only this group.")
    @Nullable String group;

    @Option(names = "--talker", paramLabel = "URI", description = "Only this talker.")
    @Nullable String talker;

    @Option(names = "--json", description = "One JSON array instead of lines.")
    boolean json;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
      PrintWriter err = spec.commandLine().getErr();
      var found = new ArrayList<RecordingSummary>();
      int unreadable = 0;
      int read = 0;
      List<Path> files = RecordingSummary.find(directory);
      var progress = new ProgressLine(err, "reading " + directory);
      for (Path file : files) {
        try {
          RecordingSummary summary = RecordingSummary.read(file);
          if (isWanted(summary)) {
            found.add(summary);
          }
        } catch (NothingRecorded e) {
          err.println("parley: " + e.getMessage());
        } catch (NotARecording e) {
          err.println("parley: " + e.getMessage());
          unreadable++;
        }
        progress.accept((double) ++read / files.size());
      }
      progress.end();
      RecordingPrinter printer = new RecordingPrinter(spec.commandLine().getOut());
      if (json) {
        printer.json(found);
      } else {
        printer.table(found);
      }
      return (unreadable == 0 ? ExitCode.OK : ExitCode.FAILED).code();
    }

    private boolean isWanted(RecordingSummary summary) {
      return (group == null || group.equals(summary.header().group().uri()))
          && (talker == null
              || talker.equals(summary.header().talker().uri())
              || talker.equals(summary.header().origin().orElse("")));
    }
  }

  /// `parley recordings show`.
  @Command(
      name = "show",
      description = "Verifies a recording's checksums and chain and shows what it says of itself.",
      footer = {
        "",
        "Examples:",
        "  parley recordings show burst.parley",
        "  parley recordings show --json burst.parley",
        "",
        "Exit code 1: the file was altered. An unclosed file and a cut-off tail are no alteration."
      })
  static final class ShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The recording.")
    Path file = Path.of(".");

    @Option(names = "--json", description = "One JSON object instead of lines.")
    boolean json;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
      RecordingSummary summary = RecordingSummary.read(file);
      RecordingPrinter printer = new RecordingPrinter(spec.commandLine().getOut());
      if (json) {
        printer.json(summary);
      } else {
        printer.details(summary);
      }
      return (summary.integrity().isUnaltered() ? ExitCode.OK : ExitCode.FAILED).code();
    }
  }

  /// `parley recordings export`.
  @Command(
      name = "export",
      description = "Decrypts recordings and writes them as WAV, Ogg Opus or pcapng.",
      footer = {
        "",
        "Examples:",
        "  parley recordings export burst.parley --format wav --vault vault --passphrase-file"
            + " vault.pass",
        "  parley recordings export recordings/*/2026-11-23/*.parley --format ogg --out speech/"
            + " --vault vault",
        "  parley recordings export burst.parley --format pcapng --out burst.pcapng --force --vault"
            + " vault",
        "",
        "Exit codes: 1 something in the recording was altered, does not verify or does not fit the",
        "format; 5 the vault cannot be opened or does not hold the key of the recording."
      })
  static final class ExportCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The recordings.")
    List<Path> files = List.of();

    @Option(
        names = "--format",
        required = true,
        paramLabel = "wav|ogg|pcapng",
        description = "wav: decoded speech; ogg: Opus as it came; pcapng: decrypted RTP.")
    RecordingExport.Format format = RecordingExport.Format.WAV;

    @Option(
        names = "--out",
        paramLabel = "PATH",
        description = "A file, or a directory (default: here, named as the recording).")
    @Nullable Path out;

    @Option(names = "--force", description = "Replace files that exist.")
    boolean force;

    @Mixin OwnVault own = new OwnVault();

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
      for (Path file : files) {
        if (!Files.exists(file)) {
          throw new NoSuchFileException(file.toString());
        }
      }
      boolean complete = true;
      try (Vault vault = own.access().openToRead()) {
        RecordingKey key = recordingKey(vault);
        for (Path file : files) {
          complete &= export(file, key);
        }
      } catch (CannotDecrypt e) {
        throw new CommandFailed(ExitCode.VAULT, String.valueOf(e.getMessage()), e);
      }
      return (complete ? ExitCode.OK : ExitCode.FAILED).code();
    }

    /// A vault without a recording key stays without: nothing was recorded under it.
    private static RecordingKey recordingKey(Vault vault) throws VaultException, CommandFailed {
      if (vault.names(RecordingKey.TYPE).isEmpty()) {
        throw new CommandFailed(
            ExitCode.VAULT,
            vault + " has no recording key; use the vault of the gateway that recorded");
      }
      return vault.recordingKey();
    }

    private boolean export(Path file, RecordingKey key) throws IOException, CannotDecrypt {
      PrintWriter err = spec.commandLine().getErr();
      var progress = new ProgressLine(err, file.getFileName().toString());
      ExportReport report =
          RecordingExport.export(file, key, format, target(file), force, progress);
      progress.end();
      new RecordingPrinter(spec.commandLine().getOut()).export(file, report);
      return report.isComplete();
    }

    private Path target(Path recording) {
      String name = recording.getFileName().toString().replaceFirst("\\.parley$", "");
      if (out == null) {
        return Path.of(name + format.suffix());
      }
      return files.size() > 1 || Files.isDirectory(out) ? out.resolve(name + format.suffix()) : out;
    }
  }
}
