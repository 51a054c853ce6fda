package parley.gateway.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.registry.PresharedKey;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley kms user psk`: the key by which a user gets its keys over TLS without a certificate.
@Command(
    name = "psk",
    description = "Makes a pre-shared key by which a user is known from now on.",
    footer = {
      "",
      "The file holds NAME:HEX, as GnuTLS and others have it. Whoever has it gets the user's keys, so",
      "hand it over as you would hand over a key. One of the same name is replaced. The server needs",
      "'psk: ADDRESS:PORT' in kms.yaml.",
      "",
      "Examples:",
      "  parley kms user psk --config kms.yaml --identity sip:alice@example.org --out alice.psk",
      "  parley kms user psk --config kms.yaml --identity sip:alice@example.org \\",
      "    --name alice-van --out van.psk"
    })
final class KmsUserPskCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
  Path config = Path.of("");

  @Option(names = "--identity", required = true, description = "Whose.")
  @Nullable Identity identity;

  @Option(
      names = "--name",
      description = "The identity in TLS (default: that of the user without sip: or tel:).")
  @Nullable String name;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "A new file for its owner alone.")
  Path target = Path.of("");

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Identity user = identity;
    if (user == null) {
      throw new CommandFailed(ExitCode.USAGE, "give --identity");
    }
    String called = called(user);
    if (Files.exists(target)) {
      throw new CommandFailed(
          ExitCode.FAILED, target + " exists already; it stays as it is, choose another path");
    }
    try (KmsDesk desk = KmsDesk.open(config);
        PresharedKey key =
            desk.act(
                "user psk",
                user + ", name " + called,
                registry -> {
                  if (registry.users().find(user).isEmpty()) {
                    throw new CommandFailed(
                        ExitCode.FAILED,
                        user + " is no user of this KMS; 'parley kms user add' makes it one");
                  }
                  return registry
                      .presharedKeys()
                      .make(user, called)
                      .orElseThrow(() ->
                          new CommandFailed(
                              ExitCode.FAILED,
                              called + " is another user's; choose another --name"));
                })) {
      key.write(target);
    }
    out().printf("%s is known by the pre-shared key %s in %s%n", user, called, target);
    return ExitCode.OK.code();
  }

  private String called(Identity user) throws CommandFailed {
    try {
      String given = name;
      return PresharedKey.requireName(
          given == null ? user.uri().substring(user.uri().indexOf(':') + 1) : given);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, e.getMessage() + "; give another --name", e);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
