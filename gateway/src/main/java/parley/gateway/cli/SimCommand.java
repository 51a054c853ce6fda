package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.Fqdn;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.ue.BootstrapFailed;
import parley.keys.gba.ue.SimCard;
import parley.keys.gba.ue.SimFile;
import parley.keys.gba.ue.SimProfile;
import parley.keys.gba.ue.WrongSim;
import parley.keys.http.ClientTls;
import parley.keys.http.TlsRefused;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley sim load | show | bootstrap | remove`: the SIM of a UE, in its vault.
@Command(
    name = "sim",
    description = "Keeps the SIM of a UE in its vault, for bootstrapping (GBA).",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  parley sim load --vault alice.vault --impi alice@ims.example.org \\",
      "                  --bsf https://bsf.example.org:8445 --card alice.card",
      "  parley sim show --vault alice.vault",
      "  parley sim bootstrap --vault alice.vault --ca ca.pem"
    })
final class SimCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(
      description = "Puts a SIM into a vault, which is made where there is none.",
      footer = {
        "",
        "The card file has a line 'K: HEX' and a line 'OPc: HEX' (or 'OP: HEX'), and mode 0600. The",
        "vault keeps the SIM's sequence numbers as well, so it must not be copied to a second UE:",
        "each would refuse what the other has used. With the same SIM again only the BSF changes.",
        "",
        "Examples:",
        "  parley sim load --vault alice.vault --impi alice@ims.example.org \\",
        "                  --bsf https://bsf.example.org:8445 --card alice.card",
        "  parley sim load --vault alice.vault --impi alice@ims.example.org \\",
        "                  --bsf https://10.0.0.9:8445 --bsf-name bsf.example.org --card alice.card"
      })
  int load(
      @Mixin OwnVault own,
      @Option(names = "--impi", required = true, description = "The private identity.") String impi,
      @Option(names = "--bsf", required = true, paramLabel = "URL", description = "Its BSF.")
          URI bsf,
      @Option(
              names = "--bsf-name",
              paramLabel = "FQDN",
              description = "What the BSF calls itself (default: the host of the URL).")
          @Nullable String bsfName,
      @Option(names = "--card", required = true, paramLabel = "FILE", description = "K and OPc.")
          Path card)
      throws CommandFailed, VaultException, WrongSim, IOException {
    SimProfile profile = profile(impi, bsf, bsfName);
    try (SubscriberKey key = SimFile.read(card);
        Vault vault = own.access().openOrCreate()) {
      SimCard.load(vault, profile, key);
    }
    out().println("the SIM of " + impi + " is in " + own.vault);
    out().printf("%s holds its key: destroy it now, 'shred -u %s'%n", card, card);
    return ExitCode.OK.code();
  }

  private static SimProfile profile(String impi, URI bsf, @Nullable String name)
      throws CommandFailed {
    try {
      String host = bsf.getHost() == null ? "" : bsf.getHost();
      Fqdn fqdn = Fqdn.of(name == null ? host : name);
      return new SimProfile(impi, bsf, fqdn);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, "--impi, --bsf or --bsf-name: " + e.getMessage(), e);
    }
  }

  @Command(
      description = "Shows whose SIM is in a vault and where it bootstraps; never its key.",
      footer = {
        "",
        "Examples:",
        "  parley sim show --vault alice.vault",
        "  parley sim show --vault alice.vault --json"
      })
  int show(
      @Mixin OwnVault own,
      @Option(names = "--json", description = "One JSON object instead of lines.") boolean json)
      throws CommandFailed, VaultException {
    try (Vault vault = own.access().openToRead()) {
      SimProfile profile = SimCard.find(vault).orElseThrow(() -> none(own));
      var shown = new LinkedHashMap<String, Object>();
      shown.put("impi", profile.impi());
      shown.put("bsf", profile.bsf().toString());
      shown.put("bsfName", profile.bsfName().name());
      if (json) {
        Json.print(out(), shown);
      } else {
        shown.forEach((name, value) -> out().printf("%-8s %s%n", name, value));
      }
    }
    return ExitCode.OK.code();
  }

  private static CommandFailed none(OwnVault own) {
    return new CommandFailed(
        ExitCode.KEYS, own.vault + " holds no SIM; 'parley sim load' puts one there");
  }

  @Command(
      description = "Bootstraps now, to see whether SIM and BSF fit; the key stays in the vault.",
      footer = {
        "",
        "Nobody needs this: 'parley enrol' bootstraps when a server asks for it.",
        "",
        "Examples:",
        "  parley sim bootstrap --vault alice.vault --ca ca.pem"
      })
  int bootstrap(
      @Mixin OwnVault own,
      @Option(
              names = "--ca",
              paramLabel = "FILE",
              description = "Who has signed the BSF's certificate (default: Java's list).")
          @Nullable Path ca)
      throws CommandFailed, VaultException, WrongSim, TlsRefused, BootstrapFailed {
    try (Vault vault = own.access().open();
        SimCard sim = SimCard.open(vault);
        BootstrappedKey key =
            sim.bootstrap(
                    ClientTls.load(ca, null), PATIENCE, InstantSource.system(), new SecureRandom())
                .renewed()) {
      out().printf("bootstrapped %s%nuntil        %s%n", key.btid(), key.until());
    }
    return ExitCode.OK.code();
  }

  @Command(
      description = "Takes the SIM out of a vault; its sequence numbers stay for its return.",
      footer = {"", "Examples:", "  parley sim remove --vault alice.vault"})
  int remove(@Mixin OwnVault own) throws CommandFailed, VaultException {
    try (Vault vault = own.access().open()) {
      Optional<SimProfile> gone = SimCard.remove(vault);
      out().println("the SIM of " + gone.orElseThrow(() -> none(own)).impi() + " is out");
    }
    return ExitCode.OK.code();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
