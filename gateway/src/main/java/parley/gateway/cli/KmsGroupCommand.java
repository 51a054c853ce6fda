package parley.gateway.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.ConfigException;
import parley.keys.kms.message.GroupEntry;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.manager.WrongSetting;
import parley.keys.store.StoreException;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley kms group`: group identities, who may have their keys, and who hears of them.
@Command(
    name = "group",
    description = "Manages the groups that a KMS tells its users of, also while it runs.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  parley kms group put --config kms.yaml --group sip:team@example.org \\",
      "    --manager-address https://manager.example.org:8447 --kms kms.example.org \\",
      "    --manager sip:manager@example.org --members members.yaml"
    })
final class KmsGroupCommand {
  @Spec CommandSpec spec = CommandSpec.create();

  @Command(
      description = "Adds a group, or replaces what is known of it.",
      footer = {
        "",
        "The users named by --manager, and no others, are given the group's own keys. They must be",
        "users of this KMS. Members learn of the group with their next keys.",
        "",
        "Examples:",
        "  parley kms group put --config kms.yaml --group sip:team@example.org \\",
        "    --manager-address https://manager.example.org:8447 --kms kms.example.org \\",
        "    --manager sip:manager@example.org --member sip:alice@example.org"
      })
  int put(
      @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
          Path config,
      @Option(names = "--group", required = true, description = "The group.") Identity group,
      @Option(
              names = "--manager-address",
              required = true,
              paramLabel = "https://...",
              description = "Where members find its manager.")
          String address,
      @Option(
              names = "--kms",
              required = true,
              paramLabel = "URI",
              description = "The KMS of the group's identity.")
          String kms,
      @Option(names = "--signer", description = "Who signs for it (default: the group itself).")
          @Nullable Identity signer,
      @Option(names = "--manager", required = true, description = "A manager; repeatable.")
          List<Identity> managers,
      @Option(names = "--member", description = "A member; repeatable.")
          @Nullable List<Identity> members,
      @Option(names = "--members", paramLabel = "FILE", description = "A members file instead.")
          @Nullable Path file)
      throws CommandFailed, ConfigException, VaultException, WrongSetting, IOException {
    requireAddress(address);
    List<Identity> all = members(members, file);
    var entry = new GroupEntry(group, signer == null ? group : signer, address, kms);
    try (KmsDesk desk = KmsDesk.open(config)) {
      desk.act(
          "group put",
          "%s, managers %s, %d members".formatted(group, managers, all.size()),
          registry -> {
            requireUsers(registry, managers);
            registry.groups().put(entry, managers, all);
            return true;
          });
    }
    spec.commandLine().getOut().println(group + " has " + all.size() + " members");
    return ExitCode.OK.code();
  }

  private static void requireAddress(String address) throws CommandFailed {
    try {
      URI url = new URI(address);
      if ("https".equals(url.getScheme()) && url.getHost() != null) {
        return;
      }
    } catch (URISyntaxException _) {
      // the sentence below is about this as well
    }
    throw new CommandFailed(
        ExitCode.USAGE, "--manager-address: " + address + " is no https://host[:port]");
  }

  private static List<Identity> members(@Nullable List<Identity> named, @Nullable Path file)
      throws CommandFailed, WrongSetting, IOException {
    if ((named == null) == (file == null)) {
      throw new CommandFailed(ExitCode.USAGE, "give --member, once for each, or --members FILE");
    }
    return file == null
        ? List.copyOf(named == null ? List.of() : named)
        : MemberList.load(file).members().stream().map(GroupMember::identity).toList();
  }

  private static void requireUsers(KmsRegistry registry, List<Identity> managers)
      throws StoreException, CommandFailed {
    for (Identity manager : managers) {
      if (registry.users().find(manager).isEmpty()) {
        throw new CommandFailed(
            ExitCode.FAILED,
            manager
                + " is no user of this KMS; 'parley kms user add' makes it one; nothing changed");
      }
    }
  }
}
