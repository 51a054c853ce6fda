package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import parley.gateway.StartRefused;
import parley.gateway.bsf.BsfStore;
import parley.gateway.config.BsfConfig;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.keys.gba.hss.Hss;
import parley.keys.gba.hss.Subscriber;
import parley.keys.gba.hss.SubscriberFile;
import parley.keys.gba.hss.WrongSubscriberFile;
import parley.keys.store.StoreException;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley bsf run | import | subscribers | remove`: the bootstrapping server and its subscribers.
@Command(
    name = "bsf",
    description = "Bootstraps UEs by their SIMs: the server, and the list of its subscribers.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = BsfRunCommand.class,
    footer = {
      "",
      "import, subscribers and remove work beside a running server, too.",
      "",
      "Examples:",
      "  parley bsf run --config bsf.yaml",
      "  parley bsf import --config bsf.yaml sims.csv",
      "  parley bsf subscribers --config bsf.yaml",
      "  parley bsf remove --config bsf.yaml --impi alice@ims.example.org"
    })
final class BsfCommand {
  private static final int PAGE = 500;

  private final InstantSource clock = InstantSource.system();

  @Spec CommandSpec spec = CommandSpec.create();

  /// Beside a server that has the vault open, unless there is no key in it yet.
  private BsfStore store(Path config)
      throws ConfigException,
          IOException,
          CommandFailed,
          VaultException,
          StoreException,
          StartRefused {
    BsfConfig read = ConfigFile.readBsf(config);
    VaultAccess access = VaultAccess.of(read.vault());
    var random = new SecureRandom();
    try (Vault vault = access.openToRead()) {
      if (BsfStore.hasKey(vault)) {
        return BsfStore.open(read, vault, clock, random);
      }
    }
    try (Vault vault = access.open()) {
      return BsfStore.open(read, vault, clock, random);
    }
  }

  @Command(
      name = "import",
      description = "Takes subscribers from a CSV file: impi,k,opc,identities.",
      footer = {
        "",
        "The first line is impi,k,opc,identities, or impi,k,op,identities where OP is given; then a",
        "line for each SIM, K and OPc in hex, identities with spaces between. Every line is checked",
        "before the first is stored. Who is there with the same key stays as it is, so an import",
        "that was interrupted is simply done again.",
        "",
        "Examples:",
        "  parley bsf import --config bsf.yaml sims.csv"
      })
  int importSubscribers(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "bsf.yaml.")
          Path config,
      @Parameters(paramLabel = "FILE", description = "The CSV file.") Path file)
      throws Exception {
    var progress = new ProgressLine(spec.commandLine().getErr(), "importing");
    try (BsfStore store = store(config)) {
      long count =
          new SubscriberFile(file)
              .importTo(store.hss(), (done, of) -> progress.accept((double) done / of));
      progress.end();
      out().printf("%d subscribers of %s are stored%n", count, file);
      out().printf("it holds their keys: destroy it now, 'shred -u %s'%n", file);
    } catch (WrongSubscriberFile e) {
      throw new CommandFailed(
          ExitCode.CONFIGURATION_REFUSED, e.getMessage() + "; nothing was stored", e);
    }
    return ExitCode.OK.code();
  }

  @Command(
      description = "Lists the subscribers and their public identities; never a key.",
      footer = {
        "",
        "Examples:",
        "  parley bsf subscribers --config bsf.yaml",
        "  parley bsf subscribers --config bsf.yaml --json"
      })
  int subscribers(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "bsf.yaml.")
          Path config,
      @Option(names = "--json", description = "One JSON array instead of lines.") boolean json)
      throws Exception {
    try (BsfStore store = store(config)) {
      List<Map<String, Object>> all = new ArrayList<>();
      Hss hss = store.hss();
      List<Subscriber> page = hss.list("", PAGE);
      while (!page.isEmpty()) {
        for (Subscriber subscriber : page) {
          if (json) {
            all.add(map(subscriber));
          } else {
            out().println(subscriber.impi() + "  " + identities(subscriber, " "));
          }
        }
        page = hss.list(page.getLast().impi(), PAGE);
      }
      if (json) {
        Json.print(out(), all);
      }
    }
    return ExitCode.OK.code();
  }

  private static String identities(Subscriber subscriber, String between) {
    return subscriber.identities().stream().map(Identity::uri).collect(Collectors.joining(between));
  }

  private static Map<String, Object> map(Subscriber subscriber) {
    var map = new LinkedHashMap<String, Object>();
    map.put("impi", subscriber.impi());
    map.put("identities", subscriber.identities().stream().map(Identity::uri).toList());
    return map;
  }

  @Command(
      description = "Takes a subscriber out of the list, and ends what it has bootstrapped.",
      footer = {
        "",
        "Servers that have asked for its keys keep them until their lifetime ends. The admin server",
        "does the same with an audit line: DELETE /api/v1/subscribers/IMPI.",
        "",
        "Examples:",
        "  parley bsf remove --config bsf.yaml --impi alice@ims.example.org"
      })
  int remove(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "bsf.yaml.")
          Path config,
      @Option(names = "--impi", required = true, description = "The private identity.") String impi)
      throws Exception {
    try (BsfStore store = store(config)) {
      if (!store.bsf().remove(impi)) {
        throw new CommandFailed(
            ExitCode.FAILED, impi + " is no subscriber; 'parley bsf subscribers' lists them");
      }
      out().println(impi + " is out, and what it bootstrapped has ended");
    }
    return ExitCode.OK.code();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
