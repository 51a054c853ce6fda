package parley.bench.load;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import parley.bench.rig.GatewayFile;
import parley.bench.rig.GroupKeys;
import parley.bench.rig.Opened;
import parley.bench.rig.Scratch;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.config.ConfigFile;
import parley.gateway.media.DropReason;
import parley.gateway.media.GroupCounters;
import parley.gateway.media.LegCounters.Direction;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.identity.Identity;

/// A gateway in this process, on loopback, with a configuration and keys made for the occasion.
final class OwnGateway implements Deployment {
  private static final MediaPolicy POLICY = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);

  private final Opened opened = new Opened();
  private final Path folder;
  private final List<LoadGroup> groups = new ArrayList<>();
  private final Gateway gateway;

  private OwnGateway(Path folder, int groups, int listeners) throws Exception {
    this.folder = folder;
    try {
      GroupKeys keys = opened.keep(GroupKeys.make(folder, groups));
      List<InetSocketAddress> ports = FreePorts.find(groups * (1 + listeners) + 1);
      for (int i = 0; i < groups; i++) {
        int at = 1 + i * (1 + listeners);
        this.groups.add(
            new LoadGroup(
                keys.groups().get(i),
                ports.get(at),
                POLICY,
                keys.talker(),
                keys.listener(),
                ports.subList(at + 1, at + 1 + listeners)));
      }
      Path config = folder.resolve("gateway.yaml");
      var file = new GatewayFile(keys, keys.gatewayVault(), ports.getFirst());
      file.setting("media", "{loops: 1}");
      this.groups.forEach(group -> file.group(group.id(), POLICY, group.to(), group.listen()));
      file.write(config);
      Vault vault = opened.keep(vault(keys));
      gateway =
          opened.keep(Gateway.start(ConfigFile.read(config), vault, GatewayServices.defaults()));
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /// Makes the keys, which takes a tenth of a second for each group, and starts the gateway.
  static OwnGateway start(int groups, int listeners) throws Exception {
    FileDescriptors.require(2L * groups + 2L * groups * listeners, groups);
    return new OwnGateway(Scratch.folder("parley-load-"), groups, listeners);
  }

  private static Vault vault(GroupKeys keys) throws VaultException {
    try (VaultKey key = VaultKey.keyFile(keys.keyFile())) {
      return Vault.open(keys.gatewayVault(), key);
    }
  }

  /// Where the vaults and the configuration are.
  Path folder() {
    return folder;
  }

  @Override
  public List<LoadGroup> groups() {
    return List.copyOf(groups);
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
    opened.close();
    Scratch.delete(folder);
  }
}
