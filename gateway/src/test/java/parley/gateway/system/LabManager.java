package parley.gateway.system;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.ConfigFile;
import parley.gateway.lab.Lab;
import parley.gateway.manager.ManagerServer;
import parley.keys.FreePort;
import parley.keys.http.LabAuthority;
import parley.keys.manager.Delivery;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;

/// The manager of one group of a lab, over HTTPS, always at the same port.
final class LabManager implements AutoCloseable {
  private final Lab lab;
  private final Identity group;
  private final int port;
  private @Nullable ManagerServer server;

  /// Starts nothing.
  ///
  /// @param members what each may
  LabManager(Lab lab, Identity group, Map<Identity, String> members) throws Exception {
    this.lab = lab;
    this.group = group;
    this.port = FreePort.tcp();
    Instant from = Instant.now().minus(Duration.ofHours(1));
    Instant to = from.plus(Duration.ofDays(2));
    var authority = LabAuthority.create("lab", from, to, lab.random());
    var _ = authority.write(ca());
    var _ =
        authority.issue(
            lab.folder(),
            "server",
            List.of(LabAuthority.address(InetAddress.getLoopbackAddress())),
            from,
            to);
    write(members);
    Files.writeString(
        config(),
        """
        vault: {file: '%s', key-file: '%s'}
        listen: 127.0.0.1:0
        https: {listen: "127.0.0.1:%d", certificate: server.pem, key: server-key.pem}
        groups: [{id: '%s', members: members.yaml, gmk: on-demand}]
        """
            .formatted(lab.vaultFile(group.uri()), lab.keyFile(), port, group));
  }

  private Path config() {
    return lab.folder().resolve("manager.yaml");
  }

  /// Who signed the certificate of its server.
  Path ca() {
    return lab.folder().resolve("ca.pem");
  }

  String url() {
    return "https://127.0.0.1:" + port;
  }

  private void write(Map<Identity, String> members) throws Exception {
    Files.writeString(
        lab.folder().resolve("members.yaml"),
        members.entrySet().stream()
            .map(
                each -> "  - {identity: '%s', may: [%s]}".formatted(each.getKey(), each.getValue()))
            .collect(Collectors.joining("\n", "members:\n", "\n")));
  }

  LabManager start() throws Exception {
    Vault vault = lab.member(group.uri()).vault();
    server =
        ManagerServer.start(
            ConfigFile.readManager(config()), vault, "1.2.3", lab.clock(), new SecureRandom());
    return this;
  }

  /// What its members may from now on.
  void change(Map<Identity, String> members) throws Exception {
    write(members);
    var _ = server().reload(ConfigFile.readManager(config()));
  }

  ManagerServer server() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }

  /// How many messages `ue` has confirmed.
  long confirmed(Identity ue) {
    return server().deliveries(group).stream()
        .filter(each -> each.ue().equals(ue) && each.state() == Delivery.State.CONFIRMED)
        .count();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
