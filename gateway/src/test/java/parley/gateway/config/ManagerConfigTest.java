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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.keys.manager.DeliveryPace;
import parley.keys.manager.GmkPlan;
import parley.mikey.identity.Identity;

/// `manager.yaml`, whole or with the path of what is wrong.
class ManagerConfigTest {
  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    Files.writeString(folder.resolve("fire.vault"), "");
    Files.writeString(folder.resolve("pass"), "");
    Files.writeString(folder.resolve("members.yaml"), "members: []");
  }

  private ManagerConfig read(String yaml) throws Exception {
    return ConfigFile.readManager(Files.writeString(folder.resolve("manager.yaml"), yaml));
  }

  private static String withGroup(String more) {
    return "vault: {file: fire.vault, passphrase-file: pass}\n"
        + "groups:\n"
        + "  - id: sip:fire@example.org\n"
        + "    members: members.yaml\n"
        + more;
  }

  @Test
  void readsEverySetting() throws Exception {
    ManagerConfig config =
        read(
            "listen: 10.0.0.9:2269\n"
                + withGroup(
                    """
                        manager-identity: sip:chief@example.org
                        gmk: {every: 7d, ahead: 12h, overlap: 30m}
                        pace: {per-second: 50, first: 2s, longest: 1h}
                        ways:
                          sip:alice@example.org: udp://10.0.0.7:2269
                          sip:bob@example.org: file:outbox/
                    """));
    assertThat(config.listen()).isEqualTo(new InetSocketAddress("10.0.0.9", 2269));
    ManagedGroupConfig group = config.groups().getFirst();
    assertThat(group.managerIdentity()).isEqualTo(new Identity("sip:chief@example.org"));
    assertThat(group.members()).isEqualTo(folder.resolve("members.yaml"));
    assertThat(group.plan())
        .isEqualTo(new GmkPlan(Duration.ofDays(7), Duration.ofHours(12), Duration.ofMinutes(30)));
    assertThat(group.pace())
        .isEqualTo(new DeliveryPace(50, Duration.ofSeconds(2), Duration.ofHours(1)));
    assertThat(group.ways())
        .containsEntry(
            new Identity("sip:alice@example.org"),
            new Way.Udp(new InetSocketAddress("10.0.0.7", 2269)))
        .containsEntry(
            new Identity("sip:bob@example.org"), new Way.Folder(folder.resolve("outbox")));
  }

  @Test
  void readsItsServersAndHttpsWays() throws Exception {
    for (String file : List.of("s.pem", "k.pem", "ca.pem")) {
      Files.writeString(folder.resolve(file), "");
    }
    ManagerConfig config =
        read(
            """
            https: {certificate: s.pem, key: k.pem, client-ca: ca.pem}
            admin: {listen: 127.0.0.1:9095}
            """
                + withGroup(
                    """
                        ways:
                          sip:alice@example.org: {url: "https://10.0.0.7:8443/mikey", ca: ca.pem}
                          sip:bob@example.org: https://10.0.0.8:8443/mikey
                          sip:carol@example.org: http://10.0.0.9:8080/mikey
                    """));
    assertThat(config.https())
        .isEqualTo(
            new HttpsConfig(
                new InetSocketAddress("0.0.0.0", 8447),
                new TlsConfig(
                    folder.resolve("s.pem"), folder.resolve("k.pem"), folder.resolve("ca.pem"))));
    assertThat(config.admin()).isEqualTo(AdminConfig.open(Addresses.server("127.0.0.1:9095")));
    assertThat(config.audit().file())
        .as("called like the vault")
        .isEqualTo(folder.resolve("audit/fire.vault.log"));
    var alices = URI.create("https://10.0.0.7:8443/mikey");
    assertThat(config.groups().getFirst().ways())
        .containsEntry(
            new Identity("sip:alice@example.org"),
            new Way.Https(new PeerConfig(alices, folder.resolve("ca.pem"), null, null)))
        .containsEntry(
            new Identity("sip:bob@example.org"),
            new Way.Https(
                new PeerConfig(URI.create("https://10.0.0.8:8443/mikey"), null, null, null)))
        .containsEntry(
            new Identity("sip:carol@example.org"),
            new Way.Http(URI.create("http://10.0.0.9:8080/mikey")));
  }

  @Test
  void isGoodWithLittle() throws Exception {
    ManagerConfig config = read(withGroup(""));
    assertThat(config.listen()).isEqualTo(new InetSocketAddress("0.0.0.0", 2269));
    assertThat(config.https()).isNull();
    assertThat(config.admin()).as("two managers on one host do not fight for a port").isNull();
    assertThat(config.groups().getFirst().plan())
        .isEqualTo(new GmkPlan(Duration.ofDays(7), Duration.ofDays(1), Duration.ofHours(1)));
    assertThat(read(withGroup("    gmk: on-demand\n")).groups().getFirst().plan())
        .isEqualTo(GmkPlan.ON_DEMAND);
    assertThat(read(withGroup("    gmk: {every: 70m}\n")).groups().getFirst().plan().ahead())
        .isEqualTo(Duration.ofMinutes(10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gmk: {every: 1h, ahead: 2h} | groups[0].gmk.ahead",
        "gmk: never | groups[0].gmk",
        "gmk: {each: 1h} | groups[0].gmk.each",
        "pace: {first: 10m, longest: 1m} | groups[0].pace",
        "pace: {per-second: 0} | groups[0].pace.per-second",
        "ways: {alice: 'udp://10.0.0.7:1'} | groups[0].ways.alice",
        "ways: {'sip:a@b.c': 'udp://10.0.0.7'} | groups[0].ways.sip:a@b.c",
        "ways: {'sip:a@b.c': 'udp://0.0.0.0:7'} | groups[0].ways.sip:a@b.c",
        "ways: {'sip:a@b.c': {url: 'http://10.0.0.7/mikey'}} | groups[0].ways.sip:a@b.c.url",
        "ways: {'sip:a@b.c': {url: 'https://10.0.0.7', ca: no.pem}} | groups[0].ways.sip:a@b.c.ca",
        "ways: {'sip:a@b.c': 'pigeon:7'} | groups[0].ways.sip:a@b.c",
        "relay: [] | groups[0].relay"
      })
  void namesTheWrongSetting(String more, String path) {
    assertThatThrownBy(() -> read(withGroup("    " + more + "\n")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(path);
  }

  @Test
  void tellsEverythingAtOnce() {
    assertThatThrownBy(() -> read("groups: [{id: fire}]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("vault")
        .hasMessageContaining("groups[0].id")
        .hasMessageContaining("groups[0].members");
    for (String wrong : List.of("vault: {file: fire.vault}", "groups: []", "")) {
      assertThatThrownBy(() -> read(wrong)).isInstanceOf(ConfigException.class);
    }
    assertThatThrownBy(
            () -> read(withGroup("  - {id: 'sip:fire@example.org', members: members.yaml}\n")))
        .hasMessageContaining("twice");
  }
}
