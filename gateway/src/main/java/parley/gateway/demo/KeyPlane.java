package parley.gateway.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.gateway.bsf.BsfServer;
import parley.gateway.bsf.BsfStore;
import parley.gateway.config.BsfConfig;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.KmsConfig;
import parley.gateway.config.SimConfig;
import parley.gateway.kms.KmsServer;
import parley.keys.gba.Fqdn;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.hss.NewSubscriber;
import parley.keys.gba.ue.SimCard;
import parley.keys.gba.ue.SimProfile;
import parley.keys.gba.ue.WrongSim;
import parley.keys.http.LabAuthority;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.message.GroupEntry;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.store.StoreException;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// The servers that give everybody keys, each from a configuration that the product's own reader
/// has read: a BSF with one subscriber, and a KMS that is a NAF of that BSF, both over HTTPS.
///
/// Certificates are those of an authority that lives as long as the demo.
final class KeyPlane {
  private static final String IMPI = "alice@ims.example.org";
  private static final String BSF = "bsf.example.org";
  private static final Duration TICKET = Duration.ofHours(1);

  private final Path folder;
  private final KmsServer kms;
  private final String url;
  private final SimProfile profile;
  private final SubscriberKey sim;

  private KeyPlane(Path folder, KmsServer kms, String url, SimProfile profile, SubscriberKey sim) {
    this.folder = folder;
    this.kms = kms;
    this.url = url;
    this.profile = profile;
    this.sim = sim;
  }

  /// Starts both; the stage closes them.
  static KeyPlane start(Stage stage) throws Exception {
    stage.terminal().act("1. The key plane: a BSF and a KMS over HTTPS");
    Path folder = Files.createDirectories(stage.directory().resolve("keys"));
    certificates(stage, folder);
    SubscriberKey sim = stage.keep(newSim(stage.random()));
    BsfServer bsf = bsf(stage, folder, sim);
    stage
        .terminal()
        .step(
            "BSF %s: bootstraps at %s, NAFs at %s"
                .formatted(BSF, Addresses.text(bsf.ub()), Addresses.text(bsf.zn())));
    InetSocketAddress listen = stage.freeTcp();
    String url = "https://localhost:" + listen.getPort();
    KmsServer kms = kms(stage, folder, listen, url, bsf);
    stage.terminal().step("KMS %s has made its master secrets: %s".formatted(Cast.KMS_URI, url));
    URI bootstraps = URI.create("https://localhost:" + bsf.ub().getPort());
    return new KeyPlane(folder, kms, url, new SimProfile(IMPI, bootstraps, new Fqdn(BSF)), sim);
  }

  private static void certificates(Stage stage, Path folder) throws IOException {
    Instant from = stage.clock().instant().minusSeconds(60);
    Instant until = from.plus(Duration.ofDays(2));
    LabAuthority authority = LabAuthority.create("parley demo", from, until, stage.random());
    var _ = authority.write(folder.resolve("ca.pem"));
    for (String server : List.of("bsf", "kms", "manager")) {
      var _ =
          authority.issue(
              folder,
              server,
              List.of(
                  LabAuthority.dns(server + ".example.org"),
                  LabAuthority.dns("localhost"),
                  LabAuthority.address(InetAddress.getLoopbackAddress())),
              from,
              until);
    }
  }

  /// K and OPc, as a maker of SIMs deals them.
  private static SubscriberKey newSim(SecureRandom random) {
    return SubscriberKey.of(
        SecretBytes.random(SubscriberKey.OCTETS, random, "K"),
        SecretBytes.random(SubscriberKey.OCTETS, random, "OPc"));
  }

  /// With Alice's SIM as its one subscriber.
  private static BsfServer bsf(Stage stage, Path folder, SubscriberKey sim) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("bsf.yaml"),
            """
            vault: {file: '%s', key-file: '%s'}
            fqdn: %s
            ub: {listen: "127.0.0.1:0", certificate: bsf.pem, key: bsf-key.pem}
            zn: {listen: "127.0.0.1:0", certificate: bsf.pem, key: bsf-key.pem, client-ca: ca.pem}
            admin: {listen: "127.0.0.1:0"}
            audit: {file: bsf-audit.log}
            """
                .formatted(
                    Stage.quoted(stage.vaultFile("bsf")), Stage.quoted(stage.keyFile("bsf")), BSF));
    Vault vault = stage.vault("bsf");
    BsfConfig config = ConfigFile.readBsf(file);
    try (BsfStore store = BsfStore.open(config, vault, stage.clock(), stage.random());
        SecretBytes key = sim.encode();
        var alice = new NewSubscriber(IMPI, List.of(Cast.ALICE), SubscriberKey.decode(key))) {
      boolean _ = store.hss().add(alice);
    }
    return stage.keep(BsfServer.start(config, vault, Stage.VERSION, stage.clock(), stage.random()));
  }

  private static KmsServer kms(
      Stage stage, Path folder, InetSocketAddress listen, String url, BsfServer bsf)
      throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("kms.yaml"),
            """
            vault: {file: '%s', key-file: '%s'}
            url: %s
            https: {listen: "%s", certificate: kms.pem, key: kms-key.pem, client-ca: ca.pem}
            gba:
              fqdn: %s
              bsf: {url: "https://localhost:%d", ca: ca.pem, certificate: kms.pem, key: kms-key.pem}
            admin: {listen: "127.0.0.1:0"}
            audit: {file: kms-audit.log}
            """
                .formatted(
                    Stage.quoted(stage.vaultFile("kms")),
                    Stage.quoted(stage.keyFile("kms")),
                    url,
                    Addresses.text(listen),
                    Cast.KMS_URI,
                    bsf.zn().getPort()));
    Vault vault = stage.vault("kms");
    KmsIssuer.create(KmsSettings.monthly(Cast.KMS_URI), vault, stage.random()).close();
    return stage.keep(
        KmsServer.start(
            ConfigFile.readKms(file), vault, Stage.VERSION, stage.clock(), stage.random()));
  }

  /// How `who` gets to the KMS, as a `kms:` block has it: by a new ticket for its one device.
  String yaml(Identity who) throws StoreException, IOException {
    return "url: '%s', uri: %s, ca: '%s', ticket: '%s'"
        .formatted(url, Cast.KMS_URI, Stage.quoted(ca()), Stage.quoted(ticket(who)));
  }

  /// The same for a terminal.
  KmsConfig byTicket(Identity who) throws StoreException, IOException {
    return access(ticket(who), null);
  }

  /// By the SIM, which is put into this vault: nobody gives its owner a ticket.
  KmsConfig bySim(Identity who, Vault vault) throws StoreException, VaultException, WrongSim {
    registry().users().add(who, null);
    SimCard.load(vault, profile, sim);
    return access(null, new SimConfig(null, null, null, null, null, Cast.KMS_URI, null));
  }

  private KmsConfig access(@Nullable Path ticket, @Nullable SimConfig sim) {
    return new KmsConfig(URI.create(url), Cast.KMS_URI, ca(), ticket, null, null, false, sim);
  }

  /// Who has signed the certificates of all servers.
  Path ca() {
    return folder.resolve("ca.pem");
  }

  /// The files of one of these certificates, as a block for HTTPS has them.
  String certificate(String server) {
    return "certificate: '%s', key: '%s'"
        .formatted(
            Stage.quoted(folder.resolve(server + ".pem")),
            Stage.quoted(folder.resolve(server + "-key.pem")));
  }

  private Path ticket(Identity who) throws StoreException, IOException {
    registry().users().add(who, null);
    Path file = folder.resolve(Cast.device(who) + ".ticket");
    try (EnrolmentTicket ticket = registry().tickets().make(who, Cast.device(who), TICKET)) {
      ticket.write(file);
    }
    return file;
  }

  /// A group that `manager` may have the own keys of.
  void group(Identity group, Identity manager, URI at, Collection<Identity> members)
      throws StoreException {
    for (Identity member : members) {
      registry().users().add(member, null);
    }
    registry().users().add(manager, null);
    registry()
        .groups()
        .put(new GroupEntry(group, group, at.toString(), Cast.KMS_URI), List.of(manager), members);
  }

  private KmsRegistry registry() {
    return kms.registry();
  }
}
