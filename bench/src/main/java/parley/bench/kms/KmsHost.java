package parley.bench.kms;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import parley.bench.relay.ChildProcess;
import parley.bench.relay.GatewayProcess;
import parley.bench.relay.ProcessCpu;
import parley.bench.relay.Testbed;
import parley.gateway.config.ConfigFile;
import parley.gateway.kms.KmsTables;
import parley.keys.http.ClientTls;
import parley.keys.http.LabAuthority;
import parley.keys.http.TlsRefused;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;

/// `parley kms run` on one core, with users that have a ticket each, and limits out of the way.
final class KmsHost {
  static final String KMS_URI = "kms.example.org";
  static final String DEVICE = "phone-1";

  private static final Duration TICKET = Duration.ofDays(1);
  private static final int KEY_FILE_OCTETS = 32;

  private final Path folder;
  private final int port;
  private final List<EnrolmentTicket> tickets;
  private final ChildProcess process;

  private KmsHost(Path folder, int port, List<EnrolmentTicket> tickets, ChildProcess process) {
    this.folder = folder;
    this.port = port;
    this.tickets = tickets;
    this.process = process;
  }

  /// @param users so many; the bed ends the process
  static KmsHost start(Testbed bed, GatewayProcess program, int users) throws Exception {
    Path folder = Files.createDirectory(bed.file("kms"));
    int port = bed.freePort();
    int admin = bed.freePort();
    SecureRandom random = new SecureRandom();
    certificates(folder, random);
    byte[] key = new byte[KEY_FILE_OCTETS];
    random.nextBytes(key);
    Path keyFile = Files.write(folder.resolve("kms.key"), key);
    Path config = configuration(folder, port, admin);
    List<EnrolmentTicket> tickets = new ArrayList<>();
    try (VaultKey opens = VaultKey.keyFile(keyFile);
        Vault vault = Vault.create(folder.resolve("kms.vault"), opens)) {
      KmsIssuer.create(KmsSettings.monthly(KMS_URI), vault, random).close();
      try (KmsTables tables =
          KmsTables.open(
              ConfigFile.readKms(config).store(), vault, InstantSource.system(), random)) {
        for (int i = 0; i < users; i++) {
          tables.registry().users().add(user(i), null);
          tickets.add(bed.keep(tables.registry().tickets().make(user(i), DEVICE, TICKET)));
        }
      }
    }
    ChildProcess process =
        program.start(
            bed, bed.relayCores(), List.of("kms", "run", "--config", config.toString()), admin);
    return new KmsHost(folder, port, tickets, process);
  }

  private static void certificates(Path folder, SecureRandom random) throws IOException {
    Instant from = Instant.now().minusSeconds(60);
    Instant until = from.plus(Duration.ofDays(2));
    LabAuthority authority = LabAuthority.create("parley bench", from, until, random);
    var _ = authority.write(folder.resolve("ca.pem"));
    var _ =
        authority.issue(
            folder,
            "kms",
            List.of(
                LabAuthority.dns("localhost"),
                LabAuthority.address(InetAddress.getLoopbackAddress())),
            from,
            until);
  }

  private static Path configuration(Path folder, int port, int admin) throws IOException {
    return Files.writeString(
        folder.resolve("kms.yaml"),
        """
        vault: {file: kms.vault, key-file: kms.key}
        url: https://localhost:%d
        https: {listen: "127.0.0.1:%d", certificate: kms.pem, key: kms-key.pem}
        admin: {listen: "127.0.0.1:%d"}
        limits:
          peer-burst: 100000
          peer-per-second: 100000
          peer-connections: 4096
          peer-connections-per-second: 100000
          client-burst: 100000
          client-per-minute: 100000
          strangers-per-second: 100000
        """
            .formatted(port, port, admin));
  }

  static Identity user(int n) {
    return new Identity("sip:ue%d@example.org".formatted(n));
  }

  KmsAddress address() {
    return new KmsAddress("https://localhost:" + port, KMS_URI);
  }

  /// A context of its own, without any session.
  SSLContext tls() throws IOException {
    try {
      return ClientTls.load(folder.resolve("ca.pem"), null);
    } catch (TlsRefused e) {
      throw new IOException(e.sentence(), e);
    }
  }

  Path certificate() {
    return folder.resolve("kms.pem");
  }

  Path key() {
    return folder.resolve("kms-key.pem");
  }

  EnrolmentTicket ticket(int user) {
    return tickets.get(user);
  }

  ProcessCpu cpu() {
    return new ProcessCpu(process.pid());
  }
}
