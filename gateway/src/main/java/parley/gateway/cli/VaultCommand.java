package parley.gateway.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
      footer = {
        "",
        "A vault that a running gateway holds can be listed, too.",
        "",
        "Examples:",
        "  parley vault list --vault gpe1.vault --passphrase-file p",
        "  parley vault list --vault gpe1.vault --passphrase-file p --json"
      })
  int list(
      @Mixin OwnVault own,
      @Option(names = "--json", description = "One JSON array instead of lines.") boolean json)
      throws VaultException, CommandFailed {
    var entries = new ArrayList<Map<String, String>>();
    try (Vault vault = own.access().openToRead()) {
      for (String type : TYPES) {
        vault.names(type).forEach(name -> entries.add(entry(type, name)));
      }
    }
    if (json) {
      Json.print(out(), entries);
    } else {
      entries.forEach(entry -> out().printf("%-15s %s%n", entry.get("type"), entry.get("name")));
    }
    return ExitCode.OK.code();
  }

  private static Map<String, String> entry(String type, String name) {
    var entry = new LinkedHashMap<String, String>();
    entry.put("type", type);
    entry.put("name", name);
    return entry;
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
