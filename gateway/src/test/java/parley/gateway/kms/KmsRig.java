package parley.gateway.kms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.gateway.bsf.BsfRig;
import parley.gateway.bsf.BsfServer;
import parley.gateway.bsf.BsfStore;
import parley.gateway.config.BsfConfig;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.KmsServerConfig;
import parley.gateway.system.ParleyProcess;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.hss.SubscriberFile;
import parley.keys.gba.ue.SimCard;
import parley.keys.gba.ue.SimProfile;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;

/// What an operator of a KMS has in a folder: certificates, a vault with master secrets,
/// configuration; and what a BSF beside it has.
public final class KmsRig {
  public static final String URI = "kms.example.org";
  public static final Identity ALICE = BsfRig.ALICE_PUBLIC;
  public static final String PHONE = "phone-1";

  static final String ROOT = "/keymanagement/identity/v1";
  static final String XML = "application/xml; charset=utf-8";

  /// For crowds behind one address.
  static final String WIDE =
      """
      limits:
        peer-burst: 100000
        peer-per-second: 100000
        peer-connections: 20000
        peer-connections-per-second: 20000
        client-burst: 1000
        client-per-minute: 60000
        strangers-per-second: 100000
        connections: 20000
        requests: 20000
      """;

  private static final InstantSource CLOCK = InstantSource.system();

  private final BsfRig files;
  private final KmsCertificate certificate;

  public KmsRig(Path folder) throws Exception {
    files = new BsfRig(folder);
    try (VaultKey key = key();
        Vault vault = Vault.create(file("kms.vault"), key);
        KmsIssuer issuer = KmsIssuer.create(KmsSettings.monthly(URI), vault, BsfRig.RANDOM)) {
      certificate = issuer.certificate();
    }
  }

  /// Certificates, keys and SIMs.
  public BsfRig files() {
    return files;
  }

  public Path file(String name) {
    return files.file(name);
  }

  private VaultKey key() throws Exception {
    return VaultKey.keyFile(file("key"));
  }

  KmsCertificate certificate() {
    return certificate;
  }

  static KmsAddress address(int port) {
    return new KmsAddress("https://localhost:" + port, URI);
  }

  /// Writes `NAME.yaml`, with `NAME.vault`, `NAME.audit`, the tables in `kms.db` and this port.
  public Path configure(String name, int port, String more) throws IOException {
    return Files.writeString(
        file(name + ".yaml"),
        """
        vault: {file: %s.vault, key-file: key}
        url: https://localhost:%d
        https: {listen: "127.0.0.1:%d", certificate: kms.pem, key: kms-key.pem, client-ca: ca.pem}
        admin: {listen: "127.0.0.1:0"}
        audit: {file: %s.audit}
        %s
        """
            .formatted(name, port, port, name, more));
  }

  static String gba(BsfServer bsf, int psk) {
    return """
    gba:
      fqdn: %s
      bsf: {url: "%s", ca: ca.pem, certificate: kms.pem, key: kms-key.pem}
      psk: "127.0.0.1:%d"
    """
        .formatted(BsfRig.KMS, BsfRig.url(bsf.zn()), psk);
  }

  /// A KMS in this process, with the vault that it needs open.
  record Running(KmsServer server, Vault vault) implements AutoCloseable {
    @Override
    public void close() {
      server.close();
      vault.close();
    }
  }

  Running start(Path yaml) throws Exception {
    KmsServerConfig config = ConfigFile.readKms(yaml);
    try (VaultKey key = key()) {
      Vault vault = Vault.open(config.vault().file(), key);
      boolean isDone = false;
      try {
        var running =
            new Running(KmsServer.start(config, vault, "1.2.3", CLOCK, BsfRig.RANDOM), vault);
        isDone = true;
        return running;
      } finally {
        if (!isDone) {
          vault.close();
        }
      }
    }
  }

  /// A KMS in a process of its own.
  static ParleyProcess process(Path yaml) throws Exception {
    var process = new ParleyProcess(List.of(), "kms", "run", "--config", yaml, "--log=plain");
    process.awaitSaying("KMS ready");
    return process;
  }

  /// The tables as a command opens them, also beside a server; makes their key before the first.
  KmsTables tables(Path yaml) throws Exception {
    KmsServerConfig config = ConfigFile.readKms(yaml);
    try (VaultKey key = key()) {
      boolean isMade;
      try (Vault read = Vault.openToRead(config.vault().file(), key)) {
        isMade = KmsTables.isMade(read);
      }
      try (Vault vault =
          isMade
              ? Vault.openToRead(config.vault().file(), key)
              : Vault.open(config.vault().file(), key)) {
        return KmsTables.open(config.store(), vault, CLOCK, BsfRig.RANDOM);
      }
    }
  }

  /// A BSF in this process that knows the SIMs of `sims.csv`.
  BsfServer bsf(String more) throws Exception {
    BsfConfig config = ConfigFile.readBsf(files.configure(more));
    try (VaultKey key = key();
        Vault vault = Vault.open(config.vault().file(), key)) {
      try (BsfStore store = BsfStore.open(config, vault, CLOCK, BsfRig.RANDOM)) {
        long _ = new SubscriberFile(file("sims.csv")).importTo(store.hss(), (_, _) -> {});
      }
      return BsfServer.start(config, vault, "1.2.3", CLOCK, BsfRig.RANDOM);
    }
  }

  /// A terminal's vault with a SIM in it; the caller closes it.
  Vault sim(String impi, BsfServer bsf) throws Exception {
    try (VaultKey key = key()) {
      Vault vault = Vault.create(file(impi + ".vault"), key);
      try (SubscriberKey secret =
          SubscriberKey.of(BsfRig.secret(BsfRig.K), BsfRig.secret(BsfRig.OPC))) {
        SimCard.load(vault, new SimProfile(impi, BsfRig.url(bsf.ub()), BsfRig.BSF), secret);
      }
      return vault;
    }
  }

  /// An empty vault, against which keys are verified.
  Vault emptyVault(String name) throws Exception {
    try (VaultKey key = key()) {
      return Vault.create(file(name + ".vault"), key);
    }
  }

  /// A client that has a ticket; `keys` are the ticket's.
  KeyProvisioning byTicket(
      KmsAddress at, Identity who, EnrolmentTicket ticket, TransportKeys keys) {
    return client(
        at,
        null,
        Map.of("Authorization", "Bearer " + ticket.bearer()),
        Asker.of(at, who, PHONE, keys));
  }

  /// @param certificate the name of the files of the one that it shows; null for none
  KeyProvisioning client(
      KmsAddress at, @Nullable String certificate, Map<String, String> headers, Asker asker) {
    return KeyProvisioning.over(
        certificate == null ? files.tls() : files.tlsOf(certificate), headers, asker, CLOCK);
  }
}
