package parley.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import parley.gateway.media.Leg;
import parley.gateway.media.LegCounters.Direction;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.group.JoinVerb;
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

  private OwnGateway(Path folder, int groups, int listeners, Reach reach) throws Exception {
    this.folder = folder;
    try {
      GroupKeys keys = opened.keep(GroupKeys.make(folder, groups));
      int heard = reach == Reach.MULTICAST ? 1 : listeners;
      List<InetSocketAddress> ports = FreePorts.find(groups * (1 + heard) + 1);
      for (int i = 0; i < groups; i++) {
        int at = 1 + i * (1 + heard);
        this.groups.add(
            new LoadGroup(
                keys.groups().get(i),
                ports.get(at),
                POLICY,
                keys.talker(),
                keys.listener(),
                reach,
                reach == Reach.MULTICAST
                    ? Collections.nCopies(listeners, island(i, ports.get(at + 1)))
                    : ports.subList(at + 1, at + 1 + heard).stream().map(Leg::unicast).toList()));
      }
      Path config = folder.resolve("gateway.yaml");
      var file = new GatewayFile(keys, keys.gatewayVault(), ports.getFirst());
      file.setting("media", "{loops: 1}");
      this.groups.forEach(group -> configure(file, group));
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
  static OwnGateway start(int groups, int listeners, Reach reach) throws Exception {
    FileDescriptors.require(2L * groups + 2L * groups * listeners, groups);
    return new OwnGateway(Scratch.folder("parley-load-"), groups, listeners, reach);
  }

  /// A multicast group of its own for each group, at a port that nobody uses.
  private static Leg island(int group, InetSocketAddress port) throws IOException {
    InetAddress address =
        InetAddress.getByAddress(
            new byte[] {(byte) 239, (byte) 255, (byte) (group >> 8), (byte) group});
    String loopback = NetworkInterface.getByInetAddress(port.getAddress()).getName();
    return Leg.multicast(new InetSocketAddress(address, port.getPort()), loopback, 1);
  }

  private static void configure(GatewayFile file, LoadGroup group) {
    List<Leg> listen = group.listen();
    switch (group.reach()) {
      case NAMED ->
          file.group(group.id(), POLICY, group.to(), listen.stream().map(Leg::address).toList());
      case JOINED -> file.joinedGroup(group.id(), POLICY, group.to(), listen.size());
      case MULTICAST ->
          file.multicastGroup(
              group.id(),
              POLICY,
              group.to(),
              listen.getFirst().address(),
              Objects.requireNonNull(listen.getFirst().interfaceName()));
    }
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

  /// Messages of listeners that the gateway followed, over all groups.
  long done(JoinVerb verb) {
    return groups.stream()
        .mapToLong(group -> gateway.plane(group.id()).keying().counters().joins().done(verb))
        .sum();
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
