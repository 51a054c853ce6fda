package parley.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import parley.gateway.keying.JoinSettings;
import parley.gateway.media.GroupTag;
import parley.gateway.media.Leg;
import parley.gateway.media.RtcpMode;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.identity.Identity;

class ConfigFileTest {
  private static final String GOOD =
      """
      identity: sip:gpe1@example.org
      device: rack-3
      vault: {file: gateway.vault, passphrase-file: pass.txt}
      kms: {url: "https://kms.example.org:8443"}
      mikey: {listen: 127.0.0.1:2269}
      admin: {listen: 127.0.0.1:9464}
      record: {directory: rec, warn-below: 500MiB}
      media: {io: nio, tick: 2ms, loops: 2, srtp-engine: jce, payload-types: {97: opus/48000/2}}
      groups:
        - id: sip:fire-ops@example.org
          manager: https://manager.example.org:8444
          profiles: [AEAD_AES_128_GCM, AEAD_AES_256_GCM+RCCM3]
          members: members.yaml
          listen: [{multicast: 239.10.0.1:5004, interface: lo}]
          relay:
            - {to: 10.0.0.7:5004}
            - {multicast: 239.20.0.1:5004, interface: lo, ttl: 8}
            - {group: sip:joint-ops@example.org}
          record: {}
          max-talkers: 4
          grace: 10s
          window: 30s
          low-latency: true
        - id: sip:joint-ops@example.org
          relay: [{to: "10.0.0.8:5006", rtcp: next-port}]
      """;

  @TempDir Path folder;

  @BeforeEach
  void filesThatAreNamed() throws IOException {
    for (String name : new String[] {"gateway.vault", "pass.txt", "members.yaml"}) {
      Files.writeString(folder.resolve(name), "");
    }
  }

  @Test
  void readsHowALegMeetsTheNetwork() throws Exception {
    GatewayConfig config =
        read(
            GOOD.replace(
                    "{multicast: 239.10.0.1:5004, interface: lo}",
                    "{multicast: '[ff3e::8000:1]:5004', interface: lo, source: 'fd00::9'}")
                .replace("{to: 10.0.0.7:5004}", "{to: 10.0.0.7:5004, interface: lo, dscp: EF}")
                .replace(
                    "interface: lo, ttl: 8", "interface: later0, ttl: 8, dscp: 34, wait: true"));
    GroupConfig fire = config.groups().getFirst();
    Leg heard = fire.listen().getFirst();
    assertThat(heard.name()).isEqualTo("[ff3e:0:0:0:0:0:8000:1]:5004%lo");
    assertThat(heard.source()).isEqualTo(InetAddress.getByName("fd00::9"));
    Leg unicast = fire.relay().getFirst();
    assertThat(unicast.interfaceName()).isEqualTo("lo");
    assertThat(unicast.dscp()).isEqualTo(46);
    assertThat(unicast.sendsByItself()).isTrue();
    Leg multicast = fire.relay().get(1);
    assertThat(multicast.interfaceName()).isEqualTo("later0");
    assertThat(multicast.dscp()).isEqualTo(34);
    assertThat(multicast.waits()).isTrue();
  }

  @Test
  void groupsShareATrunk() throws Exception {
    String trunks = "listen: [{trunk: 127.0.0.1:5010, interface: lo, mki: optional}]";
    GatewayConfig config =
        read(
            GOOD.replace("listen: [{multicast: 239.10.0.1:5004, interface: lo}]", trunks)
                .replace("{to: 10.0.0.7:5004}", "{trunk: 10.0.0.9:5010, dscp: EF}")
                .replace(
                    "relay: [{to: \"10.0.0.8:5006\", rtcp: next-port}]",
                    trunks + "\n    relay: [{trunk: 10.0.0.9:5010, dscp: EF}]"));
    GroupConfig one = config.groups().getFirst();
    GroupConfig other = config.groups().getLast();
    Leg heard = one.listen().getFirst();
    assertThat(heard.name()).isEqualTo("trunk 127.0.0.1:5010%lo");
    assertThat(heard.tag()).isEqualTo(GroupTag.of(one.id()));
    assertThat(heard.mkiOptional()).isTrue();
    assertThat(heard.isOneTrunkWith(other.listen().getFirst())).isTrue();
    assertThat(heard.hasSocketOf(other.listen().getFirst())).isFalse();
    Leg sent = one.relay().getFirst();
    assertThat(sent.name()).isEqualTo("trunk 10.0.0.9:5010");
    assertThat(sent.dscp()).isEqualTo(46);
    assertThat(sent.sendsByItself()).isTrue();
    assertThat(sent.isOneTrunkWith(other.relay().getFirst())).isTrue();
  }

  @Test
  void groupsOfOneTrunkAgreeHowItIsHeard() {
    String trunk = "listen: [{trunk: 127.0.0.1:5010}]";
    ConfigException refused =
        refusalOf(
            GOOD.replace("listen: [{multicast: 239.10.0.1:5004, interface: lo}]", trunk)
                .replace(
                    "relay: [{to: \"10.0.0.8:5006\", rtcp: next-port}]",
                    trunk.replace("5010}", "5010, interface: lo}")));
    assertThat(refused.errors())
        .singleElement()
        .asString()
        .startsWith(
            "groups[1].listen[0]: 127.0.0.1:5010 is another group's trunk with other settings;"
                + " interface and wait are the same for all");
  }

  @Test
  void noTwoGroupsHaveOneTag() {
    TrunkTags tags = new TrunkTags();
    GroupTag tag = GroupTag.of(new Identity("sip:a@example.org"));
    assertThat(tags.objection(tag, new Identity("sip:a@example.org"))).isNull();
    assertThat(tags.objection(tag, new Identity("sip:b@example.org")))
        .isEqualTo(
            "has the tag of sip:a@example.org on a trunk, by a chance of 1 in 2^56;"
                + " give one of them another id");
  }

  @Test
  void readsWhoMayJoin() throws Exception {
    assertThat(read(GOOD).groups().getFirst().receivers()).isNull();
    assertThat(receivers("false")).isNull();
    assertThat(receivers("true")).isEqualTo(JoinSettings.defaults());
    assertThat(receivers("{}")).isEqualTo(JoinSettings.defaults());
    assertThat(receivers("{max: 8, per-member: 2, per-source: 3, expire: 60s}"))
        .isEqualTo(new JoinSettings(8, 2, 3, Duration.ofMinutes(1)));
  }

  private @Nullable JoinSettings receivers(String written) throws Exception {
    return read(joinable(written)).groups().getFirst().receivers();
  }

  private static String joinable(String written) {
    return GOOD.replace("max-talkers: 4", "max-talkers: 4\n    receivers: " + written)
        .replace("interface: lo}]", "interface: lo}, {unicast: 127.0.0.1:5008}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{max: 0}| groups[0].receivers.max: 0 is no number from 1 to 1000",
        "{per-member: many}| groups[0].receivers.per-member: many is no number",
        "{per-source: 1001}| groups[0].receivers.per-source: 1001 is no number",
        "{expire: 15s}| groups[0].receivers.expire: 15s is not between 20s and 10m",
        "{most: 3}| groups[0].receivers.most: ",
        "maybe| groups[0].receivers: maybe is not offered"
      })
  void refusesWrongBoundsOfReceivers(String written, String finding) {
    assertThatThrownBy(() -> read(joinable(written))).hasMessageContaining(finding.strip());
  }

  @Test
  void refusesReceiversWhereNoneCouldJoin() {
    String multicastOnly = GOOD.replace("max-talkers: 4", "max-talkers: 4\n    receivers: {}");
    assertThatThrownBy(() -> read(multicastOnly))
        .hasMessageContaining("groups[0].receivers: join at a unicast leg of this group");
  }

  @Test
  void readsHowGmksCome() throws Exception {
    assertThat(manager("udp://manager.example.org:2269"))
        .isEqualTo(new ManagerWay.Udp("manager.example.org", 2269));
    assertThat(manager("file:inbox/")).isEqualTo(new ManagerWay.Folder(folder.resolve("inbox")));
    URI url = URI.create("https://m.example.org:8447");
    assertThat(manager("https://m.example.org:8447"))
        .isEqualTo(
            new ManagerWay.Https(
                new HttpsManager(new PeerConfig(url, null, null, null), Duration.ofMinutes(1)),
                null));
    Path pem = folder.resolve("pass.txt");
    assertThat(
            manager(
                "{url: 'https://m.example.org:8447', ca: pass.txt, certificate: pass.txt,"
                    + " key: pass.txt, every: 10s, heard-at: '10.0.0.5:2269'}"))
        .isEqualTo(
            new ManagerWay.Https(
                new HttpsManager(new PeerConfig(url, pem, pem, pem), Duration.ofSeconds(10)),
                new InetSocketAddress("10.0.0.5", 2269)));
  }

  private @Nullable ManagerWay manager(String written) throws Exception {
    return read(GOOD.replace("https://manager.example.org:8444", written))
        .groups()
        .getFirst()
        .manager();
  }

  @Test
  void readsEverySetting() throws Exception {
    GatewayConfig config = read(GOOD);

    assertThat(config.identity()).isEqualTo(new Identity("sip:gpe1@example.org"));
    assertThat(config.device()).isEqualTo("rack-3");
    assertThat(config.mikeyListen().getPort()).isEqualTo(2269);
    assertThat(config.media().io()).isEqualTo("nio");
    assertThat(config.media().tick()).isEqualTo(Duration.ofMillis(2));
    assertThat(config.media().payloadTypes()).containsEntry(97, "opus/48000/2").containsKey(0);
    assertThat(config.srtpEngine()).isEqualTo("jce");
    GroupConfig fire = config.groups().getFirst();
    assertThat(fire.profiles())
        .containsExactly(
            new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false),
            new MediaPolicy(MediaSuite.AEAD_AES_256_GCM, true));
    assertThat(fire.listen()).extracting(Leg::name).containsExactly("239.10.0.1:5004%lo");
    assertThat(fire.relay()).extracting(Leg::ttl).containsExactly(0, 8);
    assertThat(fire.bridges()).containsExactly(new Identity("sip:joint-ops@example.org"));
    assertThat(fire.record()).isTrue();
    assertThat(config.record().warnBelowOctets()).isEqualTo(500L << 20);
    assertThat(fire.maxTalkers()).isEqualTo(4);
    assertThat(fire.lowLatency()).isTrue();
    assertThat(fire.grace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.groups().getLast().relay().getFirst().rtcp()).isEqualTo(RtcpMode.NEXT_PORT);
  }

  @Test
  void mikeyByHttpIsThereWhenItIsAskedFor() throws Exception {
    assertThat(read(GOOD).mikeyHttp()).isNull();
    assertThat(
            read(GOOD.replace("127.0.0.1:2269", "127.0.0.1:2269, http: 10.0.0.1:8080")).mikeyHttp())
        .isEqualTo(new InetSocketAddress("10.0.0.1", 8080));
    GatewayConfig alone = read(GOOD.replace("listen: 127.0.0.1:2269", "http: '[::1]:2269'"));
    assertThat(alone.mikeyListen().toString()).isEqualTo("/0.0.0.0:2269");
    assertThat(alone.mikeyHttp()).isEqualTo(Addresses.server("[::1]:2269"));
  }

  @Test
  void fillsInDefaults() throws Exception {
    GatewayConfig config =
        read(
            """
            identity: sip:gpe1@example.org
            vault: {file: gateway.vault}
            groups: [{id: "sip:fire@example.org", listen: [{unicast: "127.0.0.1:5004"}]}]
            """);

    assertThat(config.mikeyListen().toString()).isEqualTo("/0.0.0.0:2269");
    assertThat(config.admin().listen().toString()).isEqualTo("/127.0.0.1:9464");
    assertThat(config.srtpEngine()).isEqualTo("auto");
    assertThat(config.record().directory()).isEqualTo(folder.resolve("recordings"));
    assertThat(config.record().warnBelowOctets()).isEqualTo(1L << 30);
    GroupConfig group = config.groups().getFirst();
    assertThat(group.profiles())
        .containsExactly(new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false));
    assertThat(group.window()).isEqualTo(Duration.ofSeconds(60));
    assertThat(group.grace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(group.record()).isFalse();
    assertThat(group.lowLatency()).isFalse();
    assertThat(config.media().io()).isEqualTo("auto");
    assertThat(config.media().tick()).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void readsHowItIsOperated() throws Exception {
    for (String name : new String[] {"a.pem", "k.pem", "ca.pem", "tokens"}) {
      Files.writeString(folder.resolve(name), "");
    }
    GatewayConfig config =
        read(
            GOOD.replace(
                "admin: {listen: 127.0.0.1:9464}",
                """
                admin:
                  listen: 0.0.0.0:9464
                  tls: {certificate: a.pem, key: k.pem, client-ca: ca.pem}
                  tokens: tokens
                  clients: [{name: ops.example.org, role: operate}]
                  open-metrics: true
                audit: {file: /var/log/parley/audit.log}
                drain-on-stop: 30s\
                """));

    assertThat(config.admin())
        .isEqualTo(
            new AdminConfig(
                new InetSocketAddress("0.0.0.0", 9464),
                new TlsConfig(
                    folder.resolve("a.pem"), folder.resolve("k.pem"), folder.resolve("ca.pem")),
                folder.resolve("tokens"),
                List.of(new ClientConfig("ops.example.org", Role.OPERATE)),
                true));
    assertThat(config.audit().file()).isEqualTo(Path.of("/var/log/parley/audit.log"));
    assertThat(config.drainOnStop()).isEqualTo(Duration.ofSeconds(30));
    GatewayConfig defaults = read(GOOD);
    assertThat(defaults.admin().isAuthenticating()).isFalse();
    assertThat(defaults.audit().file()).isEqualTo(folder.resolve("audit/audit.log"));
    assertThat(defaults.drainOnStop()).isZero();
  }

  static Stream<Arguments> unsafeAdmins() {
    String reached = "listen: 10.0.0.1:9464";
    String tls = "tls: {certificate: pass.txt, key: pass.txt}";
    String tlsWithCa = "tls: {certificate: pass.txt, key: pass.txt, client-ca: pass.txt}";
    String clients = "clients: [{name: ops, role: read}]";
    return Stream.of(
        Arguments.of(List.of(reached, "tokens: pass.txt"), "admin.tls", "is not loopback"),
        Arguments.of(List.of(reached, tls), "admin.tokens", "says who they are"),
        Arguments.of(List.of("listen: \"[::]:9464\"", tls), "admin.tokens", "is not loopback"),
        Arguments.of(List.of(reached), "admin.tls", "is missing"),
        Arguments.of(List.of(reached), "admin.tokens", "is missing"),
        Arguments.of(List.of(reached, tlsWithCa), "admin.clients", "lets nobody in"),
        Arguments.of(List.of(reached, tlsWithCa, "clients: []"), "admin.clients", "lets nobody in"),
        Arguments.of(List.of(tls, clients), "admin.clients", "needs tls.client-ca"),
        Arguments.of(List.of("tls: {key: pass.txt}"), "admin.tls.certificate", "is missing"),
        Arguments.of(List.of("tls: {certificate: pass.txt}"), "admin.tls.key", "is missing"),
        Arguments.of(
            List.of("tls: {certificate: no.pem, key: pass.txt}"),
            "admin.tls.certificate",
            "there is no file"),
        Arguments.of(List.of("tokens: none"), "admin.tokens", "'parley token' makes one"),
        Arguments.of(List.of("token: pass.txt"), "admin.token", "did you mean tokens?"),
        Arguments.of(List.of("open-metrics: perhaps"), "admin.open-metrics", "false, true"),
        Arguments.of(
            List.of(tlsWithCa, "clients: [{name: ops, role: admin}]"),
            "admin.clients[0].role",
            "operate, read"),
        Arguments.of(
            List.of(tlsWithCa, "clients: [{role: read}]"), "admin.clients[0].name", "is missing"),
        Arguments.of(
            List.of(tlsWithCa, "clients: [{name: a, role: read}, {name: A, role: read}]"),
            "admin.clients[1]",
            "listed twice"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsafeAdmins")
  void refusesAnAdminServerThatAnybodyCouldUse(List<String> settings, String path, String says) {
    String admin = "admin: {" + String.join(", ", settings) + "}";

    ConfigException refused = refusalOf(GOOD.replace("admin: {listen: 127.0.0.1:9464}", admin));

    assertThat(refused.errors())
        .anySatisfy(error -> {
          assertThat(error.path()).isEqualTo(path);
          assertThat(error.text()).contains(says);
        });
  }

  @Test
  void resolvesPathsAgainstItsOwnFolder() throws Exception {
    GatewayConfig config = read(GOOD);

    assertThat(config.vault().file()).isEqualTo(folder.resolve("gateway.vault"));
    assertThat(config.vault().passphraseFile()).isEqualTo(folder.resolve("pass.txt"));
    assertThat(config.groups().getFirst().members()).isEqualTo(folder.resolve("members.yaml"));
  }

  static Stream<Arguments> wrongSettings() {
    String listen = "listen: [{multicast: 239.10.0.1:5004, interface: lo}]";
    String bridge = "{group: sip:joint-ops@example.org}";
    String to = "{to: 10.0.0.7:5004}";
    return Stream.of(
        wrong("identity: sip:gpe1@example.org\n", "", "identity", "is missing"),
        wrong("identity: sip:", "identity: SIP:", "identity", "sip:gpe1@example.org"),
        wrong("identity: sip:gpe1@example.org", "identity: [a]", "identity", "is a list"),
        wrong("device: rack-3", "device: rack 3", "device", "no spaces"),
        wrong("device:", "devise:", "devise", "did you mean device?"),
        wrong("device: rack-3", "device: a\ndevice: b", "device", "set twice"),
        wrong("device: rack-3", "device:", "device", "is empty"),
        wrong("vault: {", "volt: {", "vault", "is missing"),
        wrong("gateway.vault", "none.vault", "vault.file", "parley vault init"),
        wrong("pass.txt", "no.txt", "vault.passphrase-file", "there is no file"),
        wrong("pass.txt", "pass.txt, key-file: pass.txt", "vault.key-file", "keep one"),
        wrong("https://kms", "http://kms", "kms.url", "https://"),
        wrong("{url: \"https://kms.example.org:8443\"}", "{}", "kms.url", "is missing"),
        wrong("127.0.0.1:2269", "127.0.0.1", "mikey.listen", "has no port"),
        wrong("127.0.0.1:2269", "239.1.1.1:2269", "mikey.listen", "is a multicast address"),
        wrong("127.0.0.1:2269", "127.0.0.1:2269, http: 8080", "mikey.http", "has no port"),
        wrong("127.0.0.1:2269", "127.0.0.1:1, http: gw:80", "mikey.http", "no numeric address"),
        wrong("127.0.0.1:2269", "127.0.0.1:1, http: 239.1.1.1:80", "mikey.http", "a multicast"),
        wrong("127.0.0.1:2269", "127.0.0.1:1, https: 0.0.0.0:1", "mikey.https", "mean http?"),
        wrong(
            "127.0.0.1:2269",
            "127.0.0.1:2269, http: 0.0.0.0:9464",
            "mikey.http",
            "is where admin listens"),
        wrong("127.0.0.1:9464", "localhost:9464", "admin.listen", "no numeric address"),
        wrong("127.0.0.1:9464", "127.0.0.1:70000", "admin.listen", "from 0 to 65535"),
        wrong("device:", "audit: {file: .}\ndevice:", "audit.file", "is a folder"),
        wrong("device:", "audit: {to: x}\ndevice:", "audit.to", "no such setting"),
        wrong("device:", "drain-on-stop: 30\ndevice:", "drain-on-stop", "for example 30s"),
        wrong("device:", "drain-on-stop: 25h\ndevice:", "drain-on-stop", "between 0s and 24h"),
        wrong("directory: rec", "directory: pass.txt", "record.directory", "is a file"),
        wrong("500MiB", "500MB", "record.warn-below", "written like 500MiB"),
        wrong("tick: 2ms", "tick: 1s", "media.tick", "is not between 0s and 20ms"),
        wrong("io: nio", "io: uring", "media.io", "auto, batch, netty, nio"),
        wrong("loops: 2", "loops: 0", "media.loops", "from 1 to 64"),
        wrong("jce", "fastest", "media.srtp-engine", "no cipher engine"),
        wrong("97:", "128:", "media.payload-types.128", "from 0 to 127"),
        wrong("{97: opus/48000/2}", "{97: opus}", "media.payload-types.97", "opus/48000/2"),
        wrong("- id: sip:fire", "- ID: sip:fire", "groups[0].id", "is missing"),
        wrong("id: sip:joint", "id: sip:fire", "groups[1].id", "listed once"),
        wrong("id: sip:fire-ops@", "id: sip:gpe1@", "groups[0].id", "gateway's own"),
        wrong("id: sip:fire-ops@", "id: sip:fire-ops@EX.", "groups[0].id", "not canonical"),
        wrong("https://manager", "ftp://manager", "groups[0].manager", "file:inbox/"),
        wrong("https://manager.example.org:8444", "UDP://m", "groups[0].manager", "has no port"),
        wrong("https://manager.example.org:8444", "udp://m:65536", "groups[0].manager", "no port"),
        wrong(":8444", ":8444/mikey", "groups[0].manager", "has a path"),
        wrong("manager: https", "manager: {every: 1m} #", "groups[0].manager.url", "is missing"),
        wrong(
            "manager: https://manager.example.org:8444",
            "manager: {url: 'https://m.example.org', every: 1s}",
            "groups[0].manager.every",
            "not between 2s and 24h"),
        wrong(
            "manager: https://manager.example.org:8444",
            "manager: {url: 'https://m.example.org', certificate: pass.txt}",
            "groups[0].manager",
            "without its key"),
        wrong(
            "manager: https://manager.example.org:8444",
            "manager: {url: 'https://m.example.org', heard-at: '0.0.0.0:2269'}",
            "groups[0].manager.heard-at",
            "no destination"),
        wrong("[AEAD_AES_128_GCM,", "[AEAD_AES_129_GCM,", "groups[0].profiles[0]", "not known"),
        wrong(
            "AEAD_AES_256_GCM+RCCM3",
            "AES_CM_128_HMAC_SHA1_80+RCCM3",
            "groups[0].profiles[1]",
            "authentication off"),
        wrong("[AEAD_AES_128_GCM,", "[AES_CM_128_HMAC_SHA1_32,", "groups[0].profiles[0]", "short"),
        wrong("256_GCM+RCCM3", "128_GCM", "groups[0].profiles[1]", "listed twice"),
        wrong("members: members.yaml", "members: m.yaml", "groups[0].members", "there is no file"),
        wrong(listen, "listen: []", "groups[0].listen", "names no leg"),
        wrong(listen, "listen: 239.10.0.1:5004", "groups[0].listen", "a list belongs here"),
        wrong(listen, "listen: [{interface: lo}]", "groups[0].listen[0]", "one of them"),
        wrong(
            listen,
            "listen: [{trunk: 127.0.0.1:5010, unicast: 127.0.0.1:5004}]",
            "groups[0].listen[0]",
            "needs unicast: ADDRESS:PORT, multicast: ADDRESS:PORT or trunk: ADDRESS:PORT, one of"),
        wrong(
            listen,
            "listen: [{trunk: 239.1.1.1:5010}]",
            "groups[0].listen[0].trunk",
            "from one gateway to one other"),
        wrong(
            listen,
            "listen: [{trunk: 127.0.0.1:5010, source: 10.0.0.1}]",
            "groups[0].listen[0].source",
            "a trunk has none"),
        wrong(
            listen,
            "listen: [{trunk: 127.0.0.1:5010}, {trunk: 127.0.0.1:5010}]",
            "groups[0].listen[1]",
            "listed twice"),
        wrong(
            listen,
            "listen: [{trunk: 127.0.0.1:5010}, {unicast: 127.0.0.1:5010}]",
            "groups[0].listen[1]",
            "each leg has its own"),
        wrong(
            listen,
            "listen: [{trunk: 127.0.0.1:2269}]",
            "groups[0].listen[0]",
            "is where mikey listens"),
        wrong(
            listen,
            "receivers: true\n    listen: [{trunk: 127.0.0.1:5010}]",
            "groups[0].receivers",
            "join at a unicast leg"),
        wrong(to, "{trunk: 0.0.0.0:5010}", "groups[0].relay[0].trunk", "is no destination"),
        wrong(to, "{trunk: 10.0.0.7:5010, ttl: 3}", "groups[0].relay[0].ttl", "a trunk goes"),
        wrong(
            to,
            "{trunk: 10.0.0.7:5010, rtcp: next-port}",
            "groups[0].relay[0].rtcp",
            "is not for a trunk to choose"),
        wrong("239.10.0.1", "10.0.0.1", "groups[0].listen[0].multicast", "224.0.0.0"),
        wrong(", interface: lo}]", "}]", "groups[0].listen[0].interface", "is missing"),
        wrong("interface: lo}]", "interface: eth99}]", "groups[0].listen[0].interface", "it has"),
        wrong("lo}]", "lo, rtcp: both}]", "groups[0].listen[0].rtcp", "mux, next-port"),
        wrong("lo}]", "lo, mki: no}]", "groups[0].listen[0].mki", "optional, required"),
        wrong("lo}]", "lo, source: 239.1.1.1}]", "groups[0].listen[0].source", "unicast"),
        wrong("lo}]", "lo, ttl: 8}]", "groups[0].listen[0].ttl", "no such setting"),
        wrong("lo}]", "lo, source: fd00::1}]", "groups[0].listen[0].source", "IP versions"),
        wrong("lo}]", "lo, wait: soon}]", "groups[0].listen[0].wait", "false, true"),
        wrong("ttl: 8", "ttl: 8, dscp: AF99", "groups[0].relay[1].dscp", "AF11 to AF43"),
        wrong("ttl: 8", "ttl: 8, dscp: 64", "groups[0].relay[1].dscp", "0 to 63"),
        wrong(
            "interface: lo, ttl: 8",
            "interface: a/b, wait: true",
            "groups[0].relay[1].interface",
            "no interface name"),
        wrong("10.0.0.7:5004", "'[fe80::1]:5004'", "groups[0].relay[0].to", "add the link"),
        wrong("10.0.0.7:5004", "'[fe80::1%lo]:5004'", "groups[0].relay[0].to", "interface: NAME"),
        wrong(to, "{to: 10.0.0.7}", "groups[0].relay[0].to", "10.0.0.7:5004"),
        wrong(to, "{to: 0.0.0.0:5004}", "groups[0].relay[0].to", "no destination"),
        wrong(to, "{to: 239.1.1.1:5004}", "groups[0].relay[0].to", "multicast: 239.1.1.1:5004"),
        wrong(to, "{to: 10.0.0.7:5004, ttl: 3}", "groups[0].relay[0].ttl", "multicast leg"),
        wrong(to, "{to: 10.0.0.7:65535, rtcp: next-port}", "groups[0].relay[0].rtcp", "65535"),
        wrong(to, to + "\n      - " + to, "groups[0].relay[1]", "listed twice"),
        wrong("ttl: 8", "ttl: 256", "groups[0].relay[1].ttl", "from 0 to 255"),
        wrong("239.20.0.1", "239.10.0.1", "groups[0].relay[1]", "would circle"),
        wrong(bridge, "{group: sip:x@example.org}", "groups[0].relay[2].group", "not among"),
        wrong(bridge, "{group: sip:fire-ops@example.org}", "groups[0].relay[2].group", "itself"),
        wrong(bridge, "{group: sip:joint-ops@example.org, ttl: 1}", "groups[0].relay[2].ttl", "no"),
        wrong("record: {}", "record: {codec: opus}", "groups[0].record.codec", "record: {}"),
        wrong("record: {}", "record: perhaps", "groups[0].record", "false, true"),
        wrong("max-talkers: 4", "max-talkers: many", "groups[0].max-talkers", "from 1 to 1024"),
        wrong("grace: 10s", "grace: 10", "groups[0].grace", "for example 30s"),
        wrong("window: 30s", "window: 2h", "groups[0].window", "between 1s and 10m"),
        wrong(bridge, to.replace('7', '9'), "groups[1].listen", "no other group bridges"),
        wrong(to, "{to: *other}", "groups[0].relay[0].to", "aliases are not followed"),
        wrong("groups:", "groups: []\nold:", "groups", "names no group"));
  }

  @ParameterizedTest(name = "{2} {3}")
  @MethodSource("wrongSettings")
  void namesThePathOfAWrongSetting(String good, String bad, String path, String says) {
    assertThat(GOOD).as("the good configuration holds what the case replaces").contains(good);

    ConfigException refused =
        refusalOf(GOOD.replaceFirst(java.util.regex.Pattern.quote(good), bad));

    assertThat(refused.errors())
        .anySatisfy(error -> {
          assertThat(error.path()).isEqualTo(path);
          assertThat(error.text()).contains(says);
        });
  }

  @Test
  void tellsEverythingAtOnceInTheOrderOfTheFile() {
    String bad =
        GOOD.replace("rack-3", "rack 3").replace("ttl: 8", "ttl: 900").replace("grace:", "grece:");

    ConfigException refused = refusalOf(bad);

    assertThat(refused.errors())
        .extracting(ConfigError::path)
        .containsExactly("device", "groups[0].relay[1].ttl", "groups[0].grece");
    assertThat(refused).hasMessageContaining("3 settings are wrong");
  }

  @Test
  void tellsLineAndColumn() {
    ConfigError error = refusalOf(GOOD.replace("ttl: 8", "ttl: 900")).errors().getFirst();

    assertThat(error.line()).isEqualTo(17);
    assertThat(error.column()).isEqualTo(53);
    assertThat(error).hasToString(error.path() + ": " + error.text() + " (line 17, column 53)");
  }

  @Test
  void refusesTwoLegsOnOnePort() {
    String bad =
        GOOD.replace(
            "relay: [{to: \"10",
            "listen: [{multicast: 239.10.0.1:5004, interface: lo}]\n    relay: [{to: \"10");

    assertThat(refusalOf(bad).errors())
        .extracting(ConfigError::path)
        .containsExactly("groups[1].listen[0]");
  }

  @Test
  void refusesWhatIsNoYaml() {
    assertThat(refusalOf("a: [1, 2\nb: }").errors().getFirst().text()).contains("not YAML");
    assertThat(refusalOf("").errors().getFirst().text()).contains("empty");
    assertThat(refusalOf("- 1").errors().getFirst().text()).contains("a mapping belongs here");
    assertThat(refusalOf(GOOD + "---\nx: 1\n").errors().getFirst().text()).contains("second");
  }

  @Test
  void readsTenThousandGroupsOfTenReceivers() throws Exception {
    var yaml = new StringBuilder(GOOD.substring(0, GOOD.indexOf("groups:"))).append("groups:\n");
    for (int i = 0; i < 10_000; i++) {
      yaml.append("  - id: sip:group-%d@load.example.org\n".formatted(i));
      yaml.append("    listen: [{unicast: '127.1.%d.%d:5004'}]\n".formatted(i / 250, 1 + i % 250));
      yaml.append("    relay:\n");
      for (int port = 6000; port < 6020; port += 2) {
        yaml.append("      - {to: '127.0.0.1:%d'}\n".formatted(port));
      }
    }
    assertThat(read(yaml.toString()).groups()).hasSize(10_000);
  }

  @Test
  void refusesAFileThatIsTooLarge() {
    String endless = "# no end\n".repeat(ConfigFile.MAX_OCTETS / 8);
    assertThat(refusalOf(endless).errors().getFirst().text()).contains("is larger than");
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertThatThrownBy(() -> ConfigFile.read(folder.resolve("none.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none.yaml");
  }

  private static Arguments wrong(String good, String bad, String path, String says) {
    return Arguments.of(good, bad, path, says);
  }

  private GatewayConfig read(String yaml) throws ConfigException, IOException {
    return ConfigFile.read(Files.writeString(folder.resolve("gateway.yaml"), yaml));
  }

  private ConfigException refusalOf(String yaml) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> read(yaml));
    assertThat(refused).as("refused").isNotNull();
    return refused;
  }
}
