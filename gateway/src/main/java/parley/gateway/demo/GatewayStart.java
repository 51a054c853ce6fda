package parley.gateway.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.StartRefused;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.keys.vault.Vault;

/// The second act: the gateway's configuration is written, read back by the product's own reader,
/// and the gateway starts from it.
final class GatewayStart {
  private final Stage stage;
  private final Addresses addresses;

  GatewayStart(Stage stage, Addresses addresses) {
    this.stage = stage;
    this.addresses = addresses;
  }

  /// Starts the gateway on its opened vault.
  Gateway play(Vault vault) throws IOException, ConfigException, StartRefused {
    stage.terminal().act("2. The gateway");
    Path config = stage.directory().resolve("gateway.yaml");
    Files.writeString(config, yaml());
    stage.terminal().step("configuration: " + Terminal.shown(config));
    Gateway gateway = Gateway.start(ConfigFile.read(config), vault, GatewayServices.defaults());
    stage
        .terminal()
        .step(
            "listens on %s%%%s, relays to two unicast terminals, re-keys into %s, records"
                .formatted(
                    Addresses.text(addresses.talk()), stage.loopback().getName(), Cast.JOINT_OPS));
    return gateway;
  }

  /// Where the gateway writes its recordings.
  Path recordings() {
    return stage.directory().resolve("recordings");
  }

  private String yaml() throws IOException {
    return """
    identity: %s
    device: gateway-1
    vault: {file: '%s', key-file: '%s'}
    mikey: {listen: '%s'}
    admin: {listen: '%s'}
    record: {directory: '%s'}
    groups:
      - id: %s
        profiles: [%s]
        members: '%s'
        listen: [{multicast: '%s', interface: %s}]
        relay:
          - {to: '%s'}
          - {to: '%s'}
          - {group: %s}
        record: {}
      - id: %s
        profiles: [%s]
        members: '%s'
        relay: [{to: '%s'}]
    """
        .formatted(
            Cast.GATEWAY,
            quoted(stage.vaultFile("gateway")),
            quoted(stage.keyFile("gateway")),
            Addresses.text(addresses.mikey()),
            Addresses.text(addresses.admin()),
            quoted(Files.createDirectories(recordings())),
            Cast.FIRE_OPS,
            Cast.FIRE_OPS_POLICY.suite(),
            quoted(stage.membersFile(Cast.FIRE_OPS)),
            Addresses.text(addresses.talk()),
            stage.loopback().getName(),
            Addresses.text(addresses.carol()),
            Addresses.text(addresses.dave()),
            Cast.JOINT_OPS,
            Cast.JOINT_OPS,
            Cast.JOINT_OPS_POLICY.suite(),
            quoted(stage.membersFile(Cast.JOINT_OPS)),
            Addresses.text(addresses.joint()));
  }

  /// A quote inside a quoted text is written twice (YAML 1.2, 7.3.2).
  private static String quoted(Path path) {
    return path.toString().replace("'", "''");
  }
}
