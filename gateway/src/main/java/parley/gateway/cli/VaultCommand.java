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
import parley.keys.vault.VaultUnlock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley vault init | list | verify | rekey | unlock`: the file in which a role keeps its
/// secrets.
@Command(
    name = "vault",
    description = "Makes a vault, lists and verifies what is in it, changes what opens it.",
    subcommands = VaultUnlockCommand.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  parley vault init --vault gpe1.vault --passphrase-file pass.txt",
      "  parley vault list --vault gpe1.vault"
    })
final class VaultCommand {
  @Spec CommandSpec spec = CommandSpec.create();

  @Command(
      name = "init",
      aliases = "create",
      description = "Makes an empty vault.",
      footer = {
        "",
        "Nobody can open a vault whose passphrase is lost: what lies in it is lost as well. A",
        "recovery share on paper is a second way in; 'parley vault unlock add' adds more.",
        "",
        "Examples:",
        "  parley vault init --vault gpe1.vault --key-file gpe1.key",
        "  parley vault init --vault gpe1.vault --passphrase-file p --recovery-share paper.txt"
      })
  int init(
      @Mixin OwnVault own,
      @Option(
              names = "--needed",
              paramLabel = "M",
              description = "How many of the holders named by --share open the vault together.")
          int needed,
      @Option(
              names = "--recovery-share",
              paramLabel = "FILE",
              description = "Draws a recovery share and writes it into a new file.")
          @Nullable Path recoveryShare)
      throws VaultException, CommandFailed {
    try (VaultKey key = own.access(needed).newKey();
        Vault vault = Vault.create(own.vault, key)) {
      out().println("made " + own.vault);
      out().println("if what opens it is lost, all that is in it is lost; nobody can restore it");
      if (recoveryShare != null || Terminal.agrees("Print a recovery share, a second way in?")) {
        RecoveryPaper.add(vault, key, "recovery share", recoveryShare, out());
      }
    }
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
      for (String type : vault.types()) {
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
      description = "Opens every record of a vault and says whether it is whole.",
      footer = {
        "",
        "While another process has the vault open, only what lies on the disk can be looked at,",
        "not whether it is the newest: --while-running.",
        "",
        "Examples:",
        "  parley vault verify --vault gpe1.vault --passphrase-file p"
      })
  int verify(
      @Mixin OwnVault own,
      @Option(names = "--while-running", description = "Beside the process that uses the vault.")
          boolean whileRunning)
      throws VaultException, CommandFailed {
    VaultAccess access = own.access();
    try (Vault vault = whileRunning ? access.openToRead() : access.open()) {
      int records = vault.verify();
      out()
          .printf(
              "%s is whole: %d records, write %d, opened by %d unlocks%n",
              own.vault, records, vault.counter(), vault.unlocks().size());
    }
    return ExitCode.OK.code();
  }

  @Command(
      description = "Makes a new data key for a vault, and one new way to open it.",
      footer = {
        "",
        "All other unlocks are gone and must be added again. Copies made before still open as",
        "they did.",
        "",
        "Examples:",
        "  parley vault rekey --vault gpe1.vault --passphrase-file old.txt \\",
        "                     --new-passphrase-file new.txt"
      })
  int rekey(@Mixin OwnVault own, @Mixin NewKey next) throws VaultException, CommandFailed {
    List<VaultUnlock> before;
    try (Vault vault = own.access().open();
        VaultKey key = next.source().fresh(own.vault)) {
      before = vault.unlocks();
      vault.rekey(key);
    }
    out().println(own.vault + " has a new lock; destroy copies made before");
    if (before.size() > 1) {
      String names = String.join(", ", before.stream().map(VaultUnlock::name).toList());
      out().println("gone are " + names + "; 'parley vault unlock add' adds them again");
    }
    return ExitCode.OK.code();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
