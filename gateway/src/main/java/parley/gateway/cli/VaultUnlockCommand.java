package parley.gateway.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.keys.vault.VaultUnlock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley vault unlock add | remove | list`: the ways to open a vault, of which any one is enough.
@Command(
    name = "unlock",
    description = "Adds, removes and lists the ways to open a vault; any one of them is enough.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  parley vault unlock list --vault gpe1.vault --passphrase-file p",
      "  parley vault unlock add --vault gpe1.vault --passphrase-file p --name hsm \\",
      "                          --new-token-module /usr/lib/softhsm/libsofthsm2.so",
      "  parley vault unlock remove --vault gpe1.vault --passphrase-file p --name hsm"
    })
final class VaultUnlockCommand {
  @Spec CommandSpec spec = CommandSpec.create();

  @Command(
      description = "Adds a way to open a vault.",
      footer = {
        "",
        "Without one of the --new options a passphrase is asked on the terminal.",
        "",
        "Examples:",
        "  parley vault unlock add --vault v --passphrase-file p --name board --needed 2 \\",
        "                          --new-share alice --new-share bob --new-share carol",
        "  parley vault unlock add --vault v --passphrase-file p --name paper --new-recovery"
      })
  int add(
      @Mixin OwnVault own,
      @Mixin NewKey next,
      @Option(names = "--name", required = true, paramLabel = "NAME", description = "Its name.")
          String name,
      @Option(names = "--new-recovery", description = "Draws a recovery share and prints it.")
          boolean recovery,
      @Option(
              names = "--new-recovery-file",
              paramLabel = "FILE",
              description = "Draws a recovery share and writes it into a new file.")
          @Nullable Path recoveryFile)
      throws VaultException, CommandFailed {
    try (VaultKey present = own.access().key();
        Vault vault = Vault.open(own.vault, present)) {
      if (recovery || recoveryFile != null) {
        RecoveryPaper.add(vault, present, name, recoveryFile, out());
      } else {
        try (VaultKey added = next.source().fresh(own.vault)) {
          vault.addUnlock(present, added, name);
        }
      }
    }
    out().println(own.vault + " is opened by " + name + ", too");
    return ExitCode.OK.code();
  }

  @Command(
      description = "Removes a way to open a vault, never the last one.",
      footer = {
        "",
        "Who has an older copy of the file and what was removed can still read this one:",
        "'parley vault rekey' ends that.",
        "",
        "Examples:",
        "  parley vault unlock remove --vault gpe1.vault --key-file k --name passphrase"
      })
  int remove(
      @Mixin OwnVault own,
      @Option(names = "--name", required = true, paramLabel = "NAME", description = "Which one.")
          String name)
      throws VaultException, CommandFailed {
    try (Vault vault = own.access().open()) {
      vault.removeUnlock(name);
    }
    out().println(own.vault + " is not opened by " + name + " any more; destroy older copies");
    return ExitCode.OK.code();
  }

  @Command(
      description = "Lists the ways to open a vault.",
      footer = {
        "",
        "Examples:",
        "  parley vault unlock list --vault gpe1.vault --passphrase-file p --json"
      })
  int list(
      @Mixin OwnVault own,
      @Option(names = "--json", description = "One JSON array instead of lines.") boolean json)
      throws VaultException, CommandFailed {
    try (Vault vault = own.access().openToRead()) {
      if (json) {
        var entries = new ArrayList<Map<String, String>>();
        vault.unlocks().forEach(unlock -> entries.add(entry(unlock)));
        Json.print(out(), entries);
      } else {
        vault
            .unlocks()
            .forEach(
                one -> out().printf("%-20s %-15s %s%n", one.name(), one.kind(), one.details()));
      }
    }
    return ExitCode.OK.code();
  }

  private static Map<String, String> entry(VaultUnlock unlock) {
    var entry = new LinkedHashMap<String, String>();
    entry.put("name", unlock.name());
    entry.put("kind", unlock.kind());
    entry.put("details", unlock.details());
    return entry;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
