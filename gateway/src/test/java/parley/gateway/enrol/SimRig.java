package parley.gateway.enrol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.gateway.bsf.BsfRig;
import parley.gateway.bsf.BsfServer;
import parley.gateway.bsf.BsfStore;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.KmsConfig;
import parley.gateway.config.SimConfig;
import parley.gateway.kms.KmsServer;
import parley.keys.FreePort;
import parley.keys.audit.AuditLine;
import parley.keys.audit.AuditReader;
import parley.keys.gba.hss.SubscriberFile;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;

/// A BSF, and a KMS that takes bootstraps of it, each as its operator starts it; Alice is a
/// subscriber there and a user here.
public final class SimRig implements AutoCloseable {
  public static final Identity ALICE = BsfRig.ALICE_PUBLIC;
  public static final String KMS_URI = "kms.example.org";
  public static final String PHONE = "phone-1";

  private final BsfRig rig;
  private final InstantSource clock;
  private final int port = FreePort.tcp();
  private final Vault kmsVault;
  private final BsfServer bsf;
  private String more = "";
  private @Nullable KmsServer kms;

  public SimRig(Path folder, InstantSource clock) throws Exception {
    this(folder, clock, KmsSettings.monthly(KMS_URI));
  }

  public SimRig(Path folder, InstantSource clock, KmsSettings settings) throws Exception {
    this.clock = clock;
    rig = new BsfRig(folder);
    var config = ConfigFile.readBsf(rig.file("bsf.yaml"));
    try (VaultKey key = key();
        Vault own = Vault.open(rig.file("bsf.vault"), key)) {
      try (BsfStore store = BsfStore.open(config, own, clock, BsfRig.RANDOM)) {
        long _ = new SubscriberFile(rig.file("sims.csv")).importTo(store.hss(), (_, _) -> {});
      }
      bsf = BsfServer.start(config, own, "1", clock, BsfRig.RANDOM);
    }
    try (VaultKey key = key()) {
      kmsVault = Vault.create(rig.file("kms.vault"), key);
    }
    KmsIssuer.create(settings, kmsVault, BsfRig.RANDOM).close();
    startKms();
    kms().registry().users().add(ALICE, null);
  }

  public VaultKey key() {
    return VaultKey.keyFile(rig.file("key"));
  }

  public Path file(String name) {
    return rig.file(name);
  }

  public BsfRig rig() {
    return rig;
  }

  public BsfServer bsf() {
    return bsf;
  }

  public KmsServer kms() {
    if (kms == null) {
      throw new IllegalStateException("the KMS is down");
    }
    return kms;
  }

  public URI url() {
    return URI.create("https://localhost:" + port);
  }

  /// The KMS anew, with this among its settings for GBA from now on.
  public void restartKms(String gba) throws Exception {
    more = gba;
    stopKms();
    startKms();
  }

  public void stopKms() {
    if (kms != null) {
      kms.close();
      kms = null;
    }
  }

  private void startKms() throws Exception {
    Path yaml =
        Files.writeString(
            rig.file("kms.yaml"),
            """
            vault: {file: kms.vault, key-file: key}
            url: https://localhost:%d
            https: {listen: "127.0.0.1:%d", certificate: kms.pem, key: kms-key.pem, client-ca: ca.pem}
            gba:
              fqdn: kms.example.org
              bsf: {url: "%s", ca: ca.pem, certificate: kms.pem, key: kms-key.pem}
              %s
            clear-keys-in-tls: true
            admin: {listen: "127.0.0.1:0"}
            """
                .formatted(port, port, BsfRig.url(bsf.zn()), more));
    kms = KmsServer.start(ConfigFile.readKms(yaml), kmsVault, "test", clock, BsfRig.RANDOM);
  }

  public Path kmsYaml() {
    return rig.file("kms.yaml");
  }

  /// K and OPc of the subscribers, as an operator hands them over.
  public Path card() throws IOException {
    Path card = rig.file("alice.card");
    Files.writeString(card, "K: %s\nOPc: %s\n".formatted(BsfRig.K, BsfRig.OPC));
    return Files.setPosixFilePermissions(card, PosixFilePermissions.fromString("rw-------"));
  }

  public Vault vault(String name) throws Exception {
    try (VaultKey key = key()) {
      return Files.exists(rig.file(name))
          ? Vault.open(rig.file(name), key)
          : Vault.create(rig.file(name), key);
    }
  }

  /// What a UE has of a SIM.
  public SimConfig sim(String impi, String naf, SimConfig.@Nullable PushListen push)
      throws IOException {
    URI at = BsfRig.url(bsf.ub());
    return new SimConfig(card(), impi, at, BsfRig.BSF.name(), null, naf, push);
  }

  public KmsConfig config(@Nullable SimConfig sim) {
    return new KmsConfig(url(), KMS_URI, rig.file("ca.pem"), null, null, null, false, sim);
  }

  /// As Alice's phone is configured.
  public KmsConfig config() throws IOException {
    return config(sim(BsfRig.ALICE, BsfRig.KMS.name(), null));
  }

  /// The lines of the BSF's audit log with this act that were not refused.
  public long done(String act) throws IOException {
    return lines(rig.file("bsf.audit")).stream()
        .filter(line -> line.act().equals(act) && line.outcome().equals("done"))
        .count();
  }

  public List<AuditLine> kmsLines() throws IOException {
    return lines(rig.file("audit/audit.log"));
  }

  private static List<AuditLine> lines(Path log) throws IOException {
    return AuditReader.read(List.of(log)).lines();
  }

  public static HttpResponse<String> admin(InetSocketAddress at, String method, String path)
      throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.getPort() + "/api/v1" + path))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /// The home network ends every bootstrap of Alice.
  public void endBootstraps() throws Exception {
    var ended = admin(bsf.admin(), "DELETE", "/subscribers/alice%40ims.example.org/sessions");
    if (ended.statusCode() != 200) {
      throw new UncheckedIOException(new IOException(ended.body()));
    }
  }

  @Override
  public void close() {
    stopKms();
    kmsVault.close();
    bsf.close();
  }
}
