package parley.gateway.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.config.ConfigFile;
import parley.keys.vault.Vault;

/// The gateway's configuration is written, read back by the product's own reader, and the gateway
/// starts from it, fetches its keys, and registers with the manager.
final class GatewayStart {
  private final Stage stage;
  private final KeyPlane keys;
  private final Addresses addresses;

  GatewayStart(Stage stage, KeyPlane keys, Addresses addresses) {
    this.stage = stage;
    this.keys = keys;
    this.addresses = addresses;
  }

  /// Starts the gateway on its empty vault.
  Gateway play(Vault vault) throws Exception {
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

  private String yaml() throws Exception {
    String manager = "udp://" + Addresses.text(addresses.manager());
    return """
    identity: %s
    device: gpe1-1
    kms: {%s}
    vault: {file: '%s', key-file: '%s'}
    mikey: {listen: '%s'}
    admin: {listen: '%s'}
    record: {directory: '%s'}
    groups:
      - id: %s
        profiles: [%s]
        manager: '%s'
        members: '%s'
        listen: [{multicast: '%s', interface: %s}]
        relay:
          - {to: '%s'}
          - {to: '%s'}
          - {group: %s}
        record: {}
      - id: %s
        profiles: [%s]
        manager: '%s'
        members: '%s'
        relay: [{to: '%s'}]
    """
        .formatted(
            Cast.GATEWAY,
            keys.yaml(Cast.GATEWAY),
            Stage.quoted(stage.vaultFile("gateway")),
            Stage.quoted(stage.keyFile("gateway")),
            Addresses.text(addresses.mikey()),
            Addresses.text(addresses.admin()),
            Stage.quoted(Files.createDirectories(recordings())),
            Cast.FIRE_OPS,
            Cast.FIRE_OPS_POLICY.suite(),
            manager,
            Stage.quoted(stage.membersFile(Cast.FIRE_OPS)),
            Addresses.text(addresses.talk()),
            stage.loopback().getName(),
            Addresses.text(addresses.carol()),
            Addresses.text(addresses.dave()),
            Cast.JOINT_OPS,
            Cast.JOINT_OPS,
            Cast.JOINT_OPS_POLICY.suite(),
            manager,
            Stage.quoted(stage.membersFile(Cast.JOINT_OPS)),
            Addresses.text(addresses.joint()));
  }
}
