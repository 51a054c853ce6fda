package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.Timespan;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;
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
                });
        SecretBytes text = ticket.text()) {
      hand(text);
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

  private void hand(SecretBytes text) throws IOException {
    byte[] line = text.lend(SecretAccess.token(), ascii -> Arrays.copyOf(ascii, ascii.length + 1));
    line[line.length - 1] = '\n';
    try {
      if (target == null) {
        for (byte octet : line) {
          out().write(octet);
        }
      } else {
        write(target, line);
      }
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  private static void write(Path file, byte[] line) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer rest = ByteBuffer.wrap(line);
      while (rest.hasRemaining()) {
        int _ = channel.write(rest);
      }
      channel.force(true);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
