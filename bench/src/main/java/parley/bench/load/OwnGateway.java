package parley.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.StartRefused;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.gateway.media.DropReason;
import parley.gateway.media.GroupCounters;
import parley.gateway.media.LegCounters.Direction;
import parley.keys.kms.IssueRefused;
import parley.keys.member.KeysMissing;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.InvalidKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.identity.Identity;

/// A gateway in this process, on loopback, with a configuration and keys made for the occasion.
final class OwnGateway implements Deployment {
  private static final MediaPolicy POLICY = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);

  private final Path folder;
  private final OwnKeys keys;
  private final List<LoadGroup> groups;
  private final Vault vault;
  private final Gateway gateway;

  private OwnGateway(
      Path folder, OwnKeys keys, List<LoadGroup> groups, Vault vault, Gateway gateway) {
    this.folder = folder;
    this.keys = keys;
    this.groups = List.copyOf(groups);
    this.vault = vault;
    this.gateway = gateway;
  }

  static OwnGateway start(int groups, int listeners)
      throws IOException,
          VaultException,
          IssueRefused,
          InvalidKey,
          KeysMissing,
          ConfigException,
          StartRefused,
          LoadFailed {
    FileDescriptors.require(2L * groups + 2L * groups * listeners, groups);
    Path folder = Files.createTempDirectory("parley-load-");
    OwnKeys keys = OwnKeys.make(folder, groups);
    List<LoadGroup> made = new ArrayList<>();
    List<InetSocketAddress> ports = FreePorts.find(groups * (1 + listeners) + 1);
    for (int i = 0; i < groups; i++) {
      int at = 1 + i * (1 + listeners);
      made.add(
          new LoadGroup(
              keys.groups().get(i),
              ports.get(at),
              POLICY,
              keys.talker(),
              keys.listener(),
              ports.subList(at + 1, at + 1 + listeners)));
    }
    Path config = folder.resolve("gateway.yaml");
    Files.writeString(config, yaml(keys, made, ports.getFirst()));
    Vault vault;
    try (VaultKey key = VaultKey.keyFile(keys.keyFile())) {
      vault = Vault.open(keys.gatewayVault(), key);
    }
    Gateway gateway = Gateway.start(ConfigFile.read(config), vault, GatewayServices.defaults());
    return new OwnGateway(folder, keys, made, vault, gateway);
  }

  private static String yaml(OwnKeys keys, List<LoadGroup> groups, InetSocketAddress mikey) {
    var text = new StringBuilder();
    text.append(
        """
        identity: %s
        vault: {file: '%s', key-file: '%s'}
        mikey: {listen: '%s'}
        media: {loops: 1}
        groups:
        """
            .formatted(
                OwnKeys.GATEWAY, keys.gatewayVault(), keys.keyFile(), LoadPlan.shown(mikey)));
    for (LoadGroup group : groups) {
      text.append(
          """
            - id: %s
              profiles: [%s]
              members: '%s'
              listen: [{unicast: '%s'}]
              relay:
          """
              .formatted(
                  group.id(), POLICY.suite(), keys.membersFile(), LoadPlan.shown(group.to())));
      for (InetSocketAddress listener : group.listen()) {
        text.append("      - {to: '%s'}\n".formatted(LoadPlan.shown(listener)));
      }
    }
    return text.toString();
  }

  @Override
  public List<LoadGroup> groups() {
    return groups;
  }

  @Override
  public String description() {
    return "in this process, on loopback, on one loop (--plan measures a deployment)";
  }

  /// Packets that the gateway refused or lost for this reason, over all groups.
  long dropped(DropReason reason) {
    return groups.stream().mapToLong(group -> counters(group.id()).dropped(reason)).sum();
  }

  long packets(Direction direction) {
    return groups.stream().mapToLong(group -> counters(group.id()).packets(direction)).sum();
  }

  private GroupCounters counters(Identity group) {
    return gateway.plane(group).media().counters();
  }

  @Override
  public List<String> account() {
    Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      long count = dropped(reason);
      if (count > 0) {
        drops.put(reason, count);
      }
    }
    String dropped =
        drops.isEmpty()
            ? "nothing"
            : drops.entrySet().stream()
                .map(drop -> "%,d %s".formatted(drop.getValue(), drop.getKey().label()))
                .collect(Collectors.joining(", "));
    return List.of(
        "gateway: %,d datagrams in, %,d out, announcements and reports among them; dropped: %s"
            .formatted(packets(Direction.IN), packets(Direction.OUT), dropped));
  }

  @Override
  public void close() {
    gateway.close();
    vault.close();
    keys.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("parley bench: cannot delete " + folder + ": " + e);
    }
  }
}
