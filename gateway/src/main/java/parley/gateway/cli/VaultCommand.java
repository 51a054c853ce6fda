package parley.gateway.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley vault create | list | rekey`: the file in which a role keeps its secrets.
@Command(
    name = "vault",
    description = "Makes a vault, lists what is in it, changes what opens it.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  parley vault create --vault gpe1.vault --passphrase-file pass.txt",
      "  parley vault list --vault gpe1.vault"
    })
final class VaultCommand {
  private static final List<String> TYPES =
      List.of(
          "kms",
          "issued",
          "home-kms",
          "kms-certificate",
          "member-keys",
          "membership",
          "gmks",
          "group",
          "group-members",
          "group-gmk",
          "group-delivery",
          "recording-key");

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(
      description = "Makes an empty vault.",
      footer = {"", "Examples:", "  parley vault create --vault gpe1.vault --key-file gpe1.key"})
  int create(@Mixin OwnVault own) throws VaultException, CommandFailed {
    own.access().create().close();
    out().println("made " + own.vault);
    return ExitCode.OK.code();
  }

  @Command(
      description = "Lists the names of what is in a vault, never a value.",
      footer = {"", "Examples:", "  parley vault list --vault gpe1.vault --passphrase-file p"})
  int list(@Mixin OwnVault own) throws VaultException, CommandFailed {
    try (Vault vault = own.access().open()) {
      for (String type : TYPES) {
        vault.names(type).forEach(name -> out().printf("%-15s %s%n", type, name));
      }
    }
    return ExitCode.OK.code();
  }

  @Command(
      description = "Changes the passphrase or key file that opens a vault.",
      footer = {
        "",
        "Copies made before still open with the old one.",
        "",
        "Examples:",
        "  parley vault rekey --vault gpe1.vault --passphrase-file old.txt \\",
        "                     --new-passphrase-file new.txt"
      })
  int rekey(
      @Mixin OwnVault own,
      @Option(names = "--new-passphrase-file", paramLabel = "FILE", description = "The new one.")
          @Nullable Path newPassphraseFile,
      @Option(names = "--new-key-file", paramLabel = "FILE", description = "The new one.")
          @Nullable Path newKeyFile)
      throws VaultException, CommandFailed {
    try (Vault vault = own.access().open();
        VaultKey next = new VaultAccess(own.vault, newPassphraseFile, newKeyFile).newKey()) {
      vault.rekey(next);
    }
    out().println(own.vault + " has a new lock; destroy copies made before");
    return ExitCode.OK.code();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
