package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.Timespan;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley kms ticket`: what a user enrols one device with, once.
@Command(
    name = "ticket",
    description = "Makes a ticket that enrols one device of a user, once.",
    footer = {
      "",
      "Whoever has the ticket gets the user's keys: hand it over as you would hand over a key.",
      "The device is one of the user's from now on.",
      "",
      "Examples:",
      "  parley kms ticket --config kms.yaml --identity sip:alice@example.org --device phone-1 \\",
      "    --valid 7d --out alice.ticket",
      "  parley kms ticket --config kms.yaml --identity sip:alice@example.org --device phone-1 --show"
    })
final class KmsTicketCommand implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofDays(90);

  @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
  Path config = Path.of("");

  @Option(names = "--identity", required = true, description = "Whose.")
  @Nullable Identity identity;

  @Option(names = "--device", required = true, paramLabel = "NAME", description = "Which device.")
  String device = "";

  @Option(
      names = "--valid",
      defaultValue = "7d",
      paramLabel = "TIME",
      description = "How long it is good, 90d at most (default: ${DEFAULT-VALUE}).")
  String valid = "7d";

  @Option(names = "--out", paramLabel = "FILE", description = "A new file for its owner alone.")
  @Nullable Path target;

  @Option(names = "--show", description = "Show it on this terminal instead.")
  boolean show;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Identity user = identity;
    if (user == null || (target == null) != show) {
      throw new CommandFailed(ExitCode.USAGE, "give --out FILE, or --show");
    }
    requireFree();
    Duration good = good();
    try (KmsDesk desk = KmsDesk.open(config);
        EnrolmentTicket ticket =
            desk.act(
                "ticket",
                user + ", device " + device,
                registry -> {
                  if (registry.users().find(user).isEmpty()) {
                    throw new CommandFailed(
                        ExitCode.FAILED,
                        user + " is no user of this KMS; 'parley kms user add' makes it one");
                  }
                  return registry.tickets().make(user, device, good);
                })) {
      hand(ticket);
    }
    out().printf("the ticket of %s, device %s, is good once, for %s%n", user, device, valid);
    out().flush();
    return ExitCode.OK.code();
  }

  private void requireFree() throws CommandFailed {
    if (target != null && Files.exists(target)) {
      throw new CommandFailed(
          ExitCode.FAILED, target + " exists already; it stays as it is, choose another path");
    }
    if (show && !Colours.isTerminal()) {
      throw new CommandFailed(
          ExitCode.USAGE, "--show is for a person at a terminal; give --out FILE");
    }
  }

  private Duration good() throws CommandFailed {
    try {
      KmsUsersFile.requireDevice(device);
      return Timespan.between(Duration.ofMinutes(1), LONGEST, valid);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private void hand(EnrolmentTicket ticket) throws IOException {
    if (target == null) {
      ticket.show(out());
    } else {
      ticket.write(target);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
