package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.keys.audit.AuditLine;
import parley.keys.audit.AuditReader;
import parley.keys.audit.AuditReport;
import parley.keys.audit.Seal;
import parley.mikey.InvalidKey;
import parley.mikey.identity.KmsCertificate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// `parley audit`: who did what to a gateway, and whether the log of it is unaltered.
@Command(
    name = "audit",
    description = "Shows and verifies a gateway's audit log.",
    subcommands = {AuditCommand.VerifyCommand.class, AuditCommand.ShowCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  parley audit verify /var/lib/parley/audit/audit.log*",
      "  parley audit show --since 2026-11-23 /var/lib/parley/audit/audit.log"
    })
final class AuditCommand {
  /// `parley audit verify`.
  @Command(
      name = "verify",
      description = "Follows the chain of hashes through the files, and checks who sealed it.",
      footer = {
        "",
        "The files may be given in any order. Lines behind the last seal, and a cut at the end of a",
        "line, show only against a head that was kept elsewhere: the gateway's own log tells it with",
        "'audit log sealed', and --head looks for it.",
        "",
        "Examples:",
        "  parley audit verify audit.log audit.log.1 audit.log.2",
        "  parley audit verify --kms-certificate kms.cert --head 9f2c... audit.log*",
        "",
        "Exit codes: 0 unaltered, 1 altered, 3 no such file. A last line that a crash has torn is no",
        "alteration."
      })
  static final class VerifyCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files of one log.")
    List<Path> files = List.of();

    @Option(
        names = "--kms-certificate",
        paramLabel = "FILE",
        description = "Verify the seals with the public keys of this KMS.")
    @Nullable Path certificate;

    @Option(
        names = "--head",
        paramLabel = "HASH",
        description = "A hash that must be in the chain.")
    @Nullable String head;

    @Option(names = "--json", description = "One JSON object instead of lines.")
    boolean json;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InvalidKey {
      AuditReport report = read(files);
      long forged = forgedSeals(report);
      boolean isComplete = head == null || report.holds(head);
      boolean isGood = report.isUnaltered() && forged == 0 && isComplete;
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(pretty(fields(report, forged, isComplete, isGood)));
      } else {
        lines(out, report, forged, isComplete, isGood);
      }
      out.flush();
      return (isGood ? ExitCode.OK : ExitCode.FAILED).code();
    }

    private long forgedSeals(AuditReport report) throws IOException, InvalidKey {
      if (certificate == null) {
        return 0;
      }
      KmsCertificate kms = KmsCertificate.decode(Files.readAllBytes(certificate));
      return report.seals().stream().filter(seal -> !Seal.isGenuine(seal, kms)).count();
    }

    private void lines(
        PrintWriter out, AuditReport report, long forged, boolean isComplete, boolean isGood) {
      report.damages().forEach(damage -> out.println("ALTERED: " + damage));
      if (forged > 0) {
        out.printf("ALTERED: %d seals were not made by who they name%n", forged);
      }
      if (!isComplete) {
        out.printf("ALTERED: %s is not in the chain: lines are missing%n", head);
      }
      if (report.torn() > 0) {
        out.printf("cut off: the last %d octets are of a line never completed%n", report.torn());
      }
      List<AuditLine> all = report.lines();
      if (!all.isEmpty()) {
        out.printf("lines: %d to %d%n", all.getFirst().n(), all.getLast().n());
      }
      out.printf("seals: %d, %s%n", report.seals().size(), sealState());
      out.printf("not sealed yet: %d lines at the end%n", unsealed(report));
      out.printf("head: %s%n", report.head() == null ? "none" : report.head());
      out.println(isGood ? "unaltered" : "ALTERED");
    }

    private String sealState() {
      return certificate == null ? "not verified without --kms-certificate" : "verified";
    }

    private static long unsealed(AuditReport report) {
      List<AuditLine> seals = report.seals();
      long last = seals.isEmpty() ? 0 : seals.getLast().n();
      return report.lines().stream().filter(line -> line.n() > last).count();
    }

    private Map<String, Object> fields(
        AuditReport report, long forged, boolean isComplete, boolean isGood) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("unaltered", isGood);
      fields.put("altered", report.damages());
      fields.put("lines", report.lines().size());
      fields.put("seals", report.seals().size());
      fields.put("sealsVerified", certificate != null);
      fields.put("forgedSeals", forged);
      fields.put("unsealedLines", unsealed(report));
      fields.put("headFound", head == null ? null : isComplete);
      fields.put("tornOctets", report.torn());
      fields.put("head", report.head());
      return fields;
    }
  }

  /// `parley audit show`.
  @Command(
      name = "show",
      description = "Shows what was done, by whom, and what came of it.",
      footer = {
        "",
        "Examples:",
        "  parley audit show /var/lib/parley/audit/audit.log",
        "  parley audit show --json --since 2026-11-23T08:00:00Z audit.log audit.log.1",
        "",
        "Exit codes: 0 shown, 1 shown but altered, 3 no such file."
      })
  static final class ShowCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files of one log.")
    List<Path> files = List.of();

    @Option(names = "--json", description = "One JSON array instead of lines.")
    boolean json;

    @Option(
        names = "--since",
        paramLabel = "TIME",
        description = "Only from then on: 2026-11-23 or 2026-11-23T08:00:00Z.")
    @Nullable String since;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, CommandFailed {
      Instant from = since == null ? Instant.MIN : instant(since);
      AuditReport report = read(files);
      List<AuditLine> wanted =
          report.lines().stream().filter(line -> !line.at().isBefore(from)).toList();
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(pretty(wanted.stream().map(ShowCommand::fields).toList()));
      } else {
        wanted.forEach(line -> print(out, line));
      }
      out.flush();
      PrintWriter err = spec.commandLine().getErr();
      report.damages().forEach(damage -> err.println("parley: ALTERED: " + damage));
      err.flush();
      return (report.isUnaltered() ? ExitCode.OK : ExitCode.FAILED).code();
    }

    private static void print(PrintWriter out, AuditLine line) {
      String outcome = line.isSeal() ? "" : "  " + line.outcome();
      out.printf(
          "%6d  %-27s  %-20s  %-12s %s%s%n",
          line.n(), line.at(), line.actor(), line.act(), line.target(), outcome);
    }

    private static Map<String, Object> fields(AuditLine line) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("n", line.n());
      fields.put("at", line.at().toString());
      fields.put("actor", line.actor());
      fields.put("act", line.act());
      fields.put("target", line.target());
      fields.put("outcome", line.outcome());
      fields.put("hash", line.hash());
      return fields;
    }

    private static Instant instant(String text) throws CommandFailed {
      try {
        return text.contains("T")
            ? Instant.parse(text)
            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeParseException e) {
        throw new CommandFailed(
            ExitCode.USAGE, "--since is a day or a time, 2026-11-23 or 2026-11-23T08:00:00Z", e);
      }
    }
  }

  private static AuditReport read(List<Path> files) throws IOException {
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new NoSuchFileException(file.toString());
      }
    }
    return AuditReader.read(files);
  }

  private static String pretty(Object value) {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(value);
  }
}
