package parley.gateway.bsf;

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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.Fqdn;
import parley.keys.gba.aka.SqnMemory;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.ue.UbClient;
import parley.keys.gba.zn.HttpZnClient;
import parley.keys.http.ClientTls;
import parley.keys.http.LabAuthority;
import parley.keys.http.TlsRefused;
import parley.keys.store.PostgresSettings;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// What an operator of a BSF has in a folder: certificates, vault, configuration, and the SIMs of
/// its subscribers in `sims.csv`, all with the key of test set 1.
public final class BsfRig {
  public static final Fqdn BSF = new Fqdn("bsf.example.org");
  public static final Fqdn KMS = new Fqdn("kms.example.org");
  public static final Fqdn OTHER = new Fqdn("other.example.org");
  public static final String ALICE = "alice@ims.example.org";
  public static final Identity ALICE_PUBLIC = new Identity("sip:alice@example.org");
  public static final String K = "465b5ce8b199b49faa5f0a2ee238a6bc";
  public static final String OPC = "cd63cb71954a9f4e48a5994e37a02baf";

  public static final Duration PATIENCE = Duration.ofSeconds(60);
  public static final SecureRandom RANDOM = new SecureRandom();

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final Path folder;
  private final LabAuthority authority;
  private final Instant from = Instant.now().minus(Duration.ofHours(1));
  private final Instant until = from.plus(Duration.ofDays(30));

  public BsfRig(Path folder) throws IOException, VaultException {
    this.folder = folder;
    this.authority = LabAuthority.create("lab", from, until, RANDOM);
    var _ = authority.write(folder.resolve("ca.pem"));
    server("bsf", BSF.name());
    server("kms", KMS.name());
    server("other", OTHER.name());
    Files.write(folder.resolve("key"), new byte[32]);
    try (VaultKey key = VaultKey.keyFile(folder.resolve("key"))) {
      Vault.create(folder.resolve("bsf.vault"), key).close();
    }
    var _ = configure("");
    var _ = sims(List.of(ALICE));
  }

  public Path folder() {
    return folder;
  }

  public Path file(String name) {
    return folder.resolve(name);
  }

  /// A certificate for this name and for loopback.
  public LabAuthority.Holder server(String file, String name) throws IOException {
    return authority.issue(folder, file, names(name), from, until);
  }

  public LabAuthority.Holder server(String file, String name, Instant end) throws IOException {
    return authority.issue(folder, file, names(name), from, end);
  }

  /// A certificate with these names alone.
  public LabAuthority.Holder client(String file, GeneralName... names) throws IOException {
    return authority.issue(folder, file, List.of(names), from, until);
  }

  private static List<GeneralName> names(String name) {
    return List.of(
        LabAuthority.dns(name), LabAuthority.dns("localhost"), LabAuthority.address(LOOPBACK));
  }

  /// Writes `bsf.yaml`; `more` is appended to it.
  public Path configure(String more) throws IOException {
    return configure("bsf", 0, 0, more);
  }

  /// Writes `NAME.yaml`, with `NAME.vault`, `NAME.audit` and these ports.
  Path configure(String name, int ub, int zn, String more) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        vault: {file: %s.vault, key-file: key}
        fqdn: bsf.example.org
        ub: {listen: 127.0.0.1:%d, certificate: bsf.pem, key: bsf-key.pem}
        zn: {listen: 127.0.0.1:%d, certificate: bsf.pem, key: bsf-key.pem, client-ca: ca.pem}
        pushers: [kms.example.org]
        admin: {listen: 127.0.0.1:0}
        audit: {file: %s.audit}
        %s
        """
            .formatted(name, ub, zn, name, more));
  }

  /// Tables in this database, as a line of a configuration.
  public static String postgres(PostgresSettings settings) {
    return """
    store:
      postgresql:
        host: %s
        port: %d
        database: %s
        user: %s
        password-file: %s
    """
        .formatted(
            settings.host(),
            settings.port(),
            settings.database(),
            settings.user(),
            settings.passwordFile());
  }

  /// Writes `sims.csv`, each with a public identity of the same name.
  public Path sims(List<String> impis) throws IOException {
    var text = new StringBuilder("impi,k,opc,identities\n");
    for (String impi : impis) {
      String user = impi.substring(0, impi.indexOf('@'));
      text.append("%s,%s,%s,sip:%s@example.org\n".formatted(impi, K, OPC, user));
    }
    return Files.writeString(folder.resolve("sims.csv"), text);
  }

  /// Trusts the lab, shows nothing.
  public SSLContext tls() {
    return tls(null);
  }

  private SSLContext tls(ClientTls.@Nullable Own own) {
    try {
      return ClientTls.load(folder.resolve("ca.pem"), own);
    } catch (TlsRefused e) {
      throw new AssertionError(e);
    }
  }

  /// Trusts the lab and shows the certificate of these files.
  public SSLContext tlsOf(String name) {
    return tls(new ClientTls.Own(folder.resolve(name + ".pem"), folder.resolve(name + "-key.pem")));
  }

  public static URI url(int port) {
    return URI.create("https://127.0.0.1:" + port);
  }

  public static URI url(InetSocketAddress address) {
    return url(address.getPort());
  }

  /// Zn as the NAF with these certificate files.
  public HttpZnClient zn(InetSocketAddress address, String name) {
    return new HttpZnClient(url(address), tlsOf(name), PATIENCE);
  }

  UbClient ub(URI address, String impi, Usim usim) {
    return new UbClient(address, BSF, impi, usim, tls(), PATIENCE, InstantSource.system(), RANDOM);
  }

  static Usim usim() throws IOException {
    return usim(new Memory(0));
  }

  static Usim usim(SqnMemory memory) throws IOException {
    return Usim.open(SubscriberKey.of(secret(K), secret(OPC)), memory);
  }

  public static SecretBytes secret(String hex) {
    return SecretBytes.take(HexFormat.of().parseHex(hex), "of a test");
  }

  /// SQN of a SIM that was used so far elsewhere.
  static final class Memory implements SqnMemory {
    private long[] seqs = new long[32];

    Memory(long usedUntil) {
      Arrays.fill(seqs, usedUntil);
    }

    @Override
    public synchronized long[] load() {
      return seqs.clone();
    }

    @Override
    public synchronized void store(long[] next) {
      seqs = next.clone();
    }
  }
}
