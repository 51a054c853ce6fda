package parley.gateway.config;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what concerns the operation of a gateway: `admin`, `audit` and `drain-on-stop`.
///
/// Whoever can reach the admin server can change what the gateway does, so one that listens
/// anywhere but on loopback without TLS and authentication is refused.
final class OperationReader {
  private static final InetSocketAddress ADMIN_LISTEN = Addresses.server("127.0.0.1:9464");
  private static final String AUDIT_FILE = "audit/audit.log";
  private static final Map<String, Role> ROLES =
      Map.of(Role.READ.label(), Role.READ, Role.OPERATE.label(), Role.OPERATE);

  private final ConfigFolder folder;
  private final Section top;

  OperationReader(ConfigFolder folder, Section top) {
    this.folder = folder;
    this.top = top;
  }

  AdminConfig admin() {
    Setting found = top.find("admin");
    if (found == null) {
      return AdminConfig.open(ADMIN_LISTEN);
    }
    Section admin = found.section("listen", "tls", "tokens", "clients", "open-metrics");
    InetSocketAddress listen = admin.value("listen", Addresses::server, ADMIN_LISTEN);
    TlsConfig tls = tls(admin);
    Path tokens = admin.optional("tokens", this::tokens);
    List<ClientConfig> clients = clients(admin);
    checkClients(admin);
    if (!listen.getAddress().isLoopbackAddress()) {
      checkReach(admin, listen);
    }
    boolean openMetrics = admin.value("open-metrics", Values::yesOrNo, false);
    return new AdminConfig(listen, tls, tokens, clients, openMetrics);
  }

  private @Nullable TlsConfig tls(Section admin) {
    Setting found = admin.find("tls");
    if (found == null) {
      return null;
    }
    Section tls = found.section("certificate", "key", "client-ca");
    Path certificate = tls.required("certificate", folder::readableFile, "admin.pem");
    Path key = tls.required("key", folder::readableFile, "admin-key.pem");
    Path clientCa = tls.optional("client-ca", folder::readableFile);
    return certificate == null || key == null ? null : new TlsConfig(certificate, key, clientCa);
  }

  private Path tokens(String text) {
    if (!Files.exists(folder.path(text))) {
      throw new IllegalArgumentException(
          "there is no file %s; 'parley token' makes one".formatted(folder.path(text)));
    }
    return folder.readableFile(text);
  }

  private static List<ClientConfig> clients(Section admin) {
    List<ClientConfig> clients = new ArrayList<>();
    for (Setting item : admin.items("clients")) {
      Section client = item.section("name", "role");
      String name = client.required("name", Values::name, "ops.example.org");
      Role role = client.required("role", Values.choice(ROLES), "read");
      if (name != null && clients.stream().anyMatch(c -> c.name().equalsIgnoreCase(name))) {
        item.wrong(name + " is listed twice; keep one");
      }
      if (name != null && role != null) {
        clients.add(new ClientConfig(name, role));
      }
    }
    return clients;
  }

  private static void checkClients(Section admin) {
    Setting clients = admin.find("clients");
    if (clients != null && !hasClientAuthority(admin)) {
      clients.wrong("needs tls.client-ca: the authority that signed the clients' certificates");
    }
    if (hasClientAuthority(admin) && (clients == null || clients.isEmptyList())) {
      admin
          .setting()
          .absent("clients")
          .wrong(
              "is missing; tls.client-ca lets nobody in without it, for example clients: [{name:"
                  + " ops.example.org, role: operate}]");
    }
  }

  private static void checkReach(Section admin, InetSocketAddress listen) {
    String reached = "%s is not loopback".formatted(Addresses.shown(listen));
    if (!admin.has("tls")) {
      admin
          .setting()
          .absent("tls")
          .wrong(
              "is missing; "
                  + reached
                  + ", so what goes there is encrypted: tls: {certificate: admin.pem, key:"
                  + " admin-key.pem}");
    }
    if (!admin.has("tokens") && !hasClientAuthority(admin)) {
      admin
          .setting()
          .absent("tokens")
          .wrong(
              "is missing; "
                  + reached
                  + ", so whoever asks says who they are: tokens: FILE, or clients: with"
                  + " tls.client-ca");
    }
  }

  private static boolean hasClientAuthority(Section admin) {
    Setting tls = admin.find("tls");
    return tls != null && tls.hasKey("client-ca");
  }

  AuditConfig audit() {
    return audit(folder.path(AUDIT_FILE));
  }

  AuditConfig audit(Path byDefault) {
    Setting found = top.find("audit");
    return new AuditConfig(
        found == null ? byDefault : found.section("file").value("file", this::logFile, byDefault));
  }

  private Path logFile(String text) {
    Path file = folder.path(text);
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(file + " is a folder; a file belongs here");
    }
    return file;
  }

  Duration drainOnStop() {
    return top.value(
        "drain-on-stop",
        Values.duration(Duration.ZERO, GatewayConfig.LONGEST_DRAIN),
        Duration.ZERO);
  }
}
