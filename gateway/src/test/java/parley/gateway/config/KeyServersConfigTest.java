package parley.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.mikey.identity.Identity;

/// `kms.yaml` and `bsf.yaml`, whole or with the path of what is wrong.
class KeyServersConfigTest {
  private static final String VAULT = "vault: {file: the.vault, passphrase-file: pass}\n";
  private static final String KMS =
      VAULT
          + "url: https://kms.example.org:8443\n"
          + "https: {certificate: a.pem, key: a-key.pem}\n";
  private static final String BSF =
      VAULT
          + """
          fqdn: bsf.example.org
          ub: {certificate: a.pem, key: a-key.pem}
          zn: {certificate: a.pem, key: a-key.pem, client-ca: ca.pem}
          """;

  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    for (String name : List.of("the.vault", "pass", "a.pem", "a-key.pem", "ca.pem")) {
      Files.writeString(folder.resolve(name), "");
    }
  }

  private KmsServerConfig kms(String yaml) throws Exception {
    return ConfigFile.readKms(Files.writeString(folder.resolve("kms.yaml"), yaml));
  }

  private BsfConfig bsf(String yaml) throws Exception {
    return ConfigFile.readBsf(Files.writeString(folder.resolve("bsf.yaml"), yaml));
  }

  @Test
  void aKmsIsGoodWithLittle() throws Exception {
    KmsServerConfig config = kms(KMS);
    assertThat(config.https().listen()).isEqualTo(new InetSocketAddress("0.0.0.0", 8443));
    assertThat(config.store()).isEqualTo(new StoreConfig.Sqlite(folder.resolve("kms.db")));
    assertThat(config.url()).isEqualTo(URI.create("https://kms.example.org:8443"));
    assertThat(config.issuer()).isNull();
    assertThat(config.gba()).isNull();
    assertThat(config.psk()).isNull();
    assertThat(config.isClearInTls()).isFalse();
    assertThat(config.tunnels()).isEmpty();
    assertThat(config.limits()).isEqualTo(KmsServerLimits.standard());
  }

  @Test
  void aKmsHasEverySetting() throws Exception {
    KmsServerConfig config =
        kms(
            VAULT
                + """
                url: https://kms.example.org
                issuer: {socket: issuer.sock, user: parley-issuer}
                store:
                  postgresql:
                    host: db.example.org
                    database: kms
                    user: parley
                    password-file: pass
                    root-certificate: ca.pem
                    connections: 4
                https:
                  listen: 10.0.0.1:443
                  certificate: a.pem
                  key: a-key.pem
                  client-ca: ca.pem
                gba:
                  fqdn: KMS.example.org
                  bsf: {url: "https://bsf.example.org:8446", ca: ca.pem, certificate: a.pem, key: a-key.pem}
                  psk: 10.0.0.1:8444
                  push: {udp: {"sip:alice@example.org": 10.0.0.7:8450}}
                psk: 10.0.0.1:8448
                tunnels: [vpn1.example.org]
                clear-keys-in-tls: true
                limits:
                  peer-burst: 1
                  peer-per-second: 2
                  peer-failures: 3
                  peer-connections: 4
                  peer-connections-per-second: 5
                  client-burst: 6
                  client-per-minute: 7
                  strangers-per-second: 8
                  connections: 9
                  requests: 10
                """);
    assertThat(config.issuer())
        .isEqualTo(
            new KmsServerConfig.IssuerConfig(folder.resolve("issuer.sock"), "parley-issuer"));
    assertThat(config.https().tls().clientCa()).isEqualTo(folder.resolve("ca.pem"));
    assertThat(config.gba())
        .isEqualTo(
            new KmsServerConfig.GbaConfig(
                "kms.example.org",
                new PeerConfig(
                    URI.create("https://bsf.example.org:8446"),
                    folder.resolve("ca.pem"),
                    folder.resolve("a.pem"),
                    folder.resolve("a-key.pem")),
                new InetSocketAddress("10.0.0.1", 8444),
                new KmsServerConfig.PushConfig.ByUdp(
                    Map.of(
                        new Identity("sip:alice@example.org"),
                        new InetSocketAddress("10.0.0.7", 8450)))));
    assertThat(config.psk()).isEqualTo(new InetSocketAddress("10.0.0.1", 8448));
    assertThat(config.tunnels()).containsExactly("vpn1.example.org");
    assertThat(config.isClearInTls()).isTrue();
    assertThat(config.limits()).isEqualTo(new KmsServerLimits(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    assertThat(config.store())
        .isInstanceOfSatisfying(
            StoreConfig.Postgresql.class,
            server -> {
              assertThat(server.settings().host()).isEqualTo("db.example.org");
              assertThat(server.settings().connections()).isEqualTo(4);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "store: {file: no/such/folder/kms.db}| store.file: there is no folder",
        "store: {file: a.db, postgresql: {host: a, database: b, user: c}}| store.postgresql: stands beside file",
        "store: {postgresql: {host: a, database: b}}| store.postgresql.user: is missing",
        "store: {postgresql: {host: a, database: b, user: c, key: a-key.pem}}| give both",
        "tunnels: [vpn1.example.org]| tunnels: needs https.client-ca",
        "gba: {fqdn: kms.example.org}| gba.bsf: is missing",
        "gba: {fqdn: 'kms example', bsf: {url: 'https://b'}}| no host name",
        "gba: {fqdn: kms.example.org, bsf: {url: 'https://b'}}| gba.bsf: has no certificate",
        "gba: {fqdn: kms.example.org, bsf: {url: 'http://b'}}| gba.bsf.url",
        "gba: {fqdn: kms.example.org, bsf: {url: 'https://b'}, push: {}}| gba.push: needs udp or folder",
        "gba: {push: {udp: {'alice': '10.0.0.7:1'}}}| gba.push.udp.alice",
        "gba: {push: {udp: {'sip:a@example.org': '0.0.0.0:1'}}}| no destination",
        "issuer: {}| issuer.socket: is missing",
        "clear-keys-in-tls: maybe| clear-keys-in-tls",
        "psk: nowhere| psk",
        "limits: {peer-burst: 0}| limits.peer-burst: 0 is no number from 1 to 100000",
        "limits: {peer-brst: 9}| peer-burst",
        "limits: {peer-connections: 5000}| limits.peer-connections: is more than connections, 4096",
        "htps: {}| https"
      })
  void namesWhatIsWrongWithAKms(String wrong, String sentence) {
    assertThatThrownBy(() -> kms(KMS + wrong + "\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(sentence.strip());
  }

  @Test
  void aKmsServesHttps() {
    assertThatThrownBy(() -> kms(KMS.replace(":8443", ":8443/")))
        .hasMessageContaining("url: https://kms.example.org:8443/ has a path");
    assertThatThrownBy(() -> kms(VAULT))
        .hasMessageContaining("https: is missing; for example https: {listen: 0.0.0.0:8443");
  }

  @Test
  void aBsfIsGoodWithLittle() throws Exception {
    BsfConfig config = bsf(BSF);
    assertThat(config.fqdn()).isEqualTo("bsf.example.org");
    assertThat(config.ub().listen()).isEqualTo(new InetSocketAddress("0.0.0.0", 8445));
    assertThat(config.zn().listen()).isEqualTo(new InetSocketAddress("0.0.0.0", 8446));
    assertThat(config.lifetime()).isEqualTo(Duration.ofHours(24));
    assertThat(config.nafs()).isEmpty();
    assertThat(bsf(BSF + "nafs: [kms.example.org]\nlifetime: 2h\n").nafs())
        .containsExactly("kms.example.org");
  }

  /// A NAF is known by its certificate alone.
  @Test
  void aBsfKnowsWhoseCertificatesItBelieves() {
    assertThatThrownBy(() -> bsf(BSF.replace(", client-ca: ca.pem", "")))
        .hasMessageContaining("zn.client-ca: is missing");
  }

  @Test
  void aBsfHasEverySetting() throws Exception {
    BsfConfig config =
        bsf(
            BSF
                + """
                nafs: [KMS.example.org, other.example.org]
                pushers: [kms.example.org]
                push-lifetime: 10m
                limits: {peer-burst: 5000, peer-per-second: 1000}
                """);
    assertThat(config.nafs()).containsExactly("kms.example.org", "other.example.org");
    assertThat(config.pushers()).containsExactly("kms.example.org");
    assertThat(config.pushLifetime()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.peers()).isEqualTo(new BsfConfig.PeerLimit(5000, 1000));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lifetime: 8d| lifetime",
        "push-lifetime: 1s| push-lifetime",
        "nafs: [kms]| nafs[0]: a full host name",
        "{nafs: [a.net], pushers: [b.net]}| pushers[0]: b.net is not among nafs",
        "limits: {peer-burst: 0}| limits.peer-burst"
      })
  void namesWhatIsWrongWithABsf(String wrong, String sentence) {
    String lines = wrong.replaceAll("^\\{(.*\\]), (.*)\\}$", "$1\n$2");
    assertThatThrownBy(() -> bsf(BSF + lines + "\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(sentence.strip());
  }
}
