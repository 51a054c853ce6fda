package parley.gateway.manager;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.ConfigFile;
import parley.keys.FreePort;
import parley.keys.Program;
import parley.keys.audit.AuditReader;
import parley.keys.http.ClientTls;
import parley.keys.http.LabAuthority;
import parley.keys.manager.ManagerClient;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.group.Registration;
import parley.mikey.group.RegistrationVerb;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// A manager with HTTPS and an API in this process, and its UEs.
final class ManagerLab implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final UeSwarm swarm;
  private final Path config;
  private final SecureRandom random = new SecureRandom();
  private InstantSource clock = InstantSource.system();
  private @Nullable Vault vault;
  private @Nullable ManagerServer server;

  /// Writes everything into `folder`; starts nothing.
  ///
  /// @param more of the group's block
  ManagerLab(Path folder, int ues, Identity group, String more) throws Exception {
    this.folder = folder;
    this.swarm = new UeSwarm(folder, ues, group);
    Instant from = Instant.now().minus(Duration.ofHours(1));
    var authority = LabAuthority.create("lab", from, from.plus(Duration.ofDays(30)), random);
    var _ = authority.write(folder.resolve("ca.pem"));
    var _ =
        authority.issue(
            folder,
            "server",
            List.of(LabAuthority.address(InetAddress.getLoopbackAddress())),
            from,
            from.plus(Duration.ofDays(30)));
    this.config = swarm.config(FreePort.udp());
    String groups = Files.readString(config);
    Files.writeString(
        config,
        """
        https: {listen: "127.0.0.1:0", certificate: server.pem, key: server-key.pem}
        admin: {listen: "127.0.0.1:0"}
        audit: {file: manager.audit}
        """
            + groups
            + more);
  }

  UeSwarm swarm() {
    return swarm;
  }

  Path config() {
    return config;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  void clock(InstantSource other) {
    clock = other;
  }

  ManagerServer start() throws Exception {
    Vault opened = Vault.open(file("manager.vault"), VaultKey.keyFile(file("key")));
    vault = opened;
    server = ManagerServer.start(ConfigFile.readManager(config), opened, "1.2.3", clock, random);
    return server;
  }

  void stop() {
    if (server != null) {
      server.close();
      server = null;
    }
    if (vault != null) {
      vault.close();
      vault = null;
    }
  }

  ManagerServer server() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }

  URI https() {
    return url("https", server().httpsLocal());
  }

  URI api() {
    return url("http", server().adminLocal());
  }

  private static URI url(String scheme, @Nullable InetSocketAddress address) {
    if (address == null) {
      throw new IllegalStateException("not configured");
    }
    return URI.create("%s://127.0.0.1:%d".formatted(scheme, address.getPort()));
  }

  ManagerClient client(Identity ue) throws Exception {
    Member member = swarm.member(ue);
    return new ManagerClient(
        https(),
        ClientTls.load(file("ca.pem"), null),
        PATIENCE,
        member,
        member.memberships().values().iterator().next(),
        clock,
        random);
  }

  /// A question of `ue` to that group, in a file.
  Path question(String name, Identity ue, Identity group, RegistrationVerb verb) throws Exception {
    NtpTimestamp t = NtpTimestamp.of(clock.instant());
    byte[] octets =
        Registration.prepare(ue, group, "kms.example.org", random)
            .ask(verb, t, swarm.member(ue).signer(t), random);
    return Files.write(file(name), octets);
  }

  /// What `curl` says, the status in the last line.
  String curl(Object... words) throws IOException {
    Program.require("curl", "curl");
    var command =
        new ArrayList<>(List.of("curl", "-sS", "--max-time", "60", "-w", "\n%{http_code}\n"));
    command.addAll(List.of("--cacert", file("ca.pem").toString()));
    for (Object word : words) {
      command.add(word.toString());
    }
    return Program.run("", command.toArray(String[]::new)).said().strip();
  }

  /// Posts the octets of a file as `curl` does it.
  String post(Path message) throws IOException {
    return curl(
        "-H",
        "Content-Type: application/mikey",
        "--data-binary",
        "@" + message,
        https().resolve(ManagerClient.PATH));
  }

  /// The lines of the audit log, once the manager is stopped.
  List<String> audit() throws IOException {
    return AuditReader.read(List.of(file("manager.audit"))).lines().stream()
        .map(line ->
            "%s: %s %s: %s".formatted(line.actor(), line.act(), line.target(), line.outcome()))
        .toList();
  }

  @Override
  public void close() throws VaultException {
    stop();
    swarm.close();
  }
}
