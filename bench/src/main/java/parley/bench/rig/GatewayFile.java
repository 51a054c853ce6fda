package parley.bench.rig;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// The configuration of a gateway with the keys of [GroupKeys], as YAML.
public final class GatewayFile {
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder groups = new StringBuilder();
  private final Path members;

  /// @param vault the gateway's, which [GroupKeys#gatewayVault] is or was copied to
  public GatewayFile(GroupKeys keys, Path vault, InetSocketAddress mikey) {
    members = keys.membersFile();
    setting("identity", GroupKeys.GATEWAY.uri());
    setting("vault", "{file: '%s', key-file: '%s'}".formatted(vault, keys.keyFile()));
    setting("mikey", "{listen: '%s'}".formatted(shown(mikey)));
    // gateways with configurations in one folder would share the log that is their default
    setting(
        "audit", "{file: '%s'}".formatted(vault.resolveSibling(vault.getFileName() + ".audit")));
  }

  /// One more line of the top level.
  public GatewayFile setting(String name, String value) {
    text.append("%s: %s%n".formatted(name, value));
    return this;
  }

  /// A group that is relayed from one unicast address to others.
  public GatewayFile group(
      Identity id, MediaPolicy policy, InetSocketAddress listen, List<InetSocketAddress> relay) {
    return group(
        id, policy, leg("unicast", listen), relay.stream().map(to -> leg("to", to)).toList());
  }

  /// The same with legs of any kind, each from [#leg].
  public GatewayFile group(Identity id, MediaPolicy policy, String listen, List<String> relay) {
    group(id, policy, listen).append("    relay:\n");
    relay.forEach(to -> groups.append("      - %s%n".formatted(to)));
    return this;
  }

  /// A group whose receivers join, so many of one member at one address.
  public GatewayFile joinedGroup(
      Identity id, MediaPolicy policy, InetSocketAddress listen, int receivers) {
    group(id, policy, leg("unicast", listen))
        .append(
            "    receivers: {max: %1$d, per-member: %1$d, per-source: %1$d}%n"
                .formatted(receivers));
    return this;
  }

  /// A group that is relayed to a multicast group, no router farther than this interface.
  public GatewayFile multicastGroup(
      Identity id,
      MediaPolicy policy,
      InetSocketAddress listen,
      InetSocketAddress relay,
      String interfaceName) {
    group(id, policy, leg("unicast", listen))
        .append(
            "    relay: [{multicast: '%s', interface: %s, ttl: 1}]%n"
                .formatted(shown(relay), interfaceName));
    return this;
  }

  private StringBuilder group(Identity id, MediaPolicy policy, String listen) {
    return groups.append(
        """
          - id: %s
            profiles: [%s]
            members: '%s'
            listen: [%s]
        """
            .formatted(id, policy.suite(), members, listen));
  }

  /// A leg, of which `kind` is the word before its address.
  public static String leg(String kind, InetSocketAddress address) {
    return "{%s: '%s'}".formatted(kind, shown(address));
  }

  public void write(Path file) throws IOException {
    Files.writeString(file, text + "groups:\n" + groups);
  }

  /// As configuration files and plans name an address.
  public static String shown(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
