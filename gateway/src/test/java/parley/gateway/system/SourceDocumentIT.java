package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.cli.Run;
import parley.gateway.net.Netns;
import parley.gateway.record.Tools;
import parley.keys.FreePort;
import parley.keys.http.LabAuthority;
import parley.keys.vault.LongLivedKeys;

/// The whole source document, each role a process of its own as an operator starts it: a SIM is
/// bootstrapped, UEs, gateway and manager get their keys from the KMS, members register, the group
/// master key is distributed and changed, a UE is called for new keys, there is talk that is
/// relayed and recorded; then KMS, BSF, manager and gateway are off and a group is set up without
/// them.
class SourceDocumentIT {
  private static final String FIRE = "sip:fire-ops@example.org";
  private static final String MANAGER = "sip:manager@example.org";
  private static final String GATEWAY = "sip:gpe1@example.org";
  private static final String ALICE = "sip:alice@example.org";
  private static final String BOB = "sip:bob@example.org";
  private static final String IMPI = "alice@ims.example.org";
  private static final String K = "465b5ce8b199b49faa5f0a2ee238a6bc";
  private static final String OPC = "cd63cb71954a9f4e48a5994e37a02baf";

  private static final int PACKETS = 50;
  private static final Pattern ENDED = Pattern.compile("(\\d+) packets, (\\d+) missing");

  /// Whose computer.
  private enum Host {
    SERVERS(1),
    GATEWAY(2),
    ALICE(3),
    BOB(4);

    /// Of its network.
    final int number;

    Host(int number) {
      this.number = number;
    }
  }

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private final Map<Host, Netns> networks = new EnumMap<>(Host.class);
  private final List<ParleyProcess> processes = new ArrayList<>();
  private int ub;
  private int zn;
  private int kms;
  private int manager;
  private int managerHttps;
  private int media;
  private int pushes;
  private int gatewayMikey;
  private int ownMikey;
  private int ownMedia;
  private Path key = Path.of("");
  private Path speech = Path.of("");

  @Test
  void onLoopback() throws Exception {
    play();
  }

  @Test
  void inNetworksOfTheirOwn() throws Exception {
    Netns hub = open.add(Netns.create());
    List<String> ports = new ArrayList<>();
    for (Host host : Host.values()) {
      Netns own = open.add(Netns.create());
      String port = "p" + host.number;
      Netns.cable(own, "e0", hub, port);
      networks.put(host, own);
      own.address("e0", at(host) + "/24");
      ports.add(port);
    }
    hub.bridge("switch", ports.toArray(String[]::new));
    play();
  }

  private void play() throws Exception {
    prepare();
    ParleyProcess bsf = server(Host.SERVERS, "BSF ready", "bsf", "run", "--config", "bsf.yaml");
    ParleyProcess kmsServer =
        server(Host.SERVERS, "KMS ready", "kms", "run", "--config", "kms.yaml");
    aliceEnrolsByHerSim();
    bobEnrolsByATicket();
    ParleyProcess managerServer =
        server(Host.SERVERS, "manager ready", "manager", "run", "--config", "manager.yaml");
    ParleyProcess gateway =
        server(Host.GATEWAY, "gateway ready", "gateway", "--config", "gateway.yaml");

    ParleyProcess bob = bobJoins();
    aliceFetchesHerGmk();
    aliceSpeaks(at(Host.GATEWAY) + ":" + media);
    assertHeard(bob, 1);

    local("manager", "rekey", "--vault", file("manager.vault"), "--key-file", key, "--group", FIRE);
    bob.awaitSaying("got a GMK of " + FIRE, 2);
    aliceFetchesHerGmk();
    aliceIsCalledForNewKeys();
    aliceSpeaks(at(Host.GATEWAY) + ":" + media);
    assertHeard(bob, 2);
    end(bob, "INT");

    end(gateway, "TERM");
    end(managerServer, "TERM");
    end(kmsServer, "TERM");
    end(bsf, "TERM");
    recordingsAndAuditLogsAreWhole();
    noKeyWasWrittenAnywhere();
    aGroupWithoutAnyOfThem();
  }

  // ---- what an operator prepares ----

  private void prepare() throws Exception {
    ub = FreePort.tcp();
    zn = FreePort.tcp();
    kms = FreePort.tcp();
    manager = FreePort.udp();
    managerHttps = FreePort.tcp();
    media = FreePort.udp();
    pushes = FreePort.udp();
    gatewayMikey = FreePort.udp();
    ownMikey = FreePort.udp();
    ownMedia = FreePort.udp();
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    key = Files.write(file("key"), random);
    speech = Tools.tone(file("speech.wav"));
    for (String role : List.of("bsf", "manager", "gateway")) {
      local("vault", "init", "--vault", file(role + ".vault"), "--key-file", key);
    }
    String[] ceremony = {"--vault", text("kms.vault"), "--key-file", key.toString()};
    String[] transcript = {"--transcript", text("init.txt"), "--witness", "Ann"};
    local("kms", "init", ceremony, "--uri", "kms.example.org", transcript);
    certificates();
    configurations();
    subscribersAndUsers();
  }

  private void certificates() throws Exception {
    Instant from = Instant.now().minusSeconds(60);
    Instant until = from.plus(Duration.ofDays(2));
    LabAuthority authority = LabAuthority.create("lab", from, until, new SecureRandom());
    var _ = authority.write(file("ca.pem"));
    GeneralName address = LabAuthority.address(InetAddress.getByName(at(Host.SERVERS)));
    for (String server : List.of("bsf", "kms", "manager")) {
      GeneralName name = LabAuthority.dns(server + ".example.org");
      var _ = authority.issue(folder, server, List.of(name, address), from, until);
    }
  }

  private void configurations() throws Exception {
    String servers = at(Host.SERVERS);
    write(
        "bsf.yaml",
        """
        vault: {file: bsf.vault, key-file: key}
        fqdn: bsf.example.org
        ub: {listen: "%1$s:%2$d", certificate: bsf.pem, key: bsf-key.pem}
        zn: {listen: "%1$s:%3$d", certificate: bsf.pem, key: bsf-key.pem, client-ca: ca.pem}
        pushers: [kms.example.org]
        admin: {listen: "127.0.0.1:0"}
        audit: {file: bsf-audit.log}
        """
            .formatted(servers, ub, zn));
    write(
        "kms.yaml",
        """
        vault: {file: kms.vault, key-file: key}
        url: https://%1$s:%2$d
        https: {listen: "%1$s:%2$d", certificate: kms.pem, key: kms-key.pem}
        gba:
          fqdn: kms.example.org
          bsf: {url: "https://%1$s:%3$d", ca: ca.pem, certificate: kms.pem, key: kms-key.pem}
          push: {udp: {"%4$s": "%5$s:%6$d"}}
        admin: {listen: "127.0.0.1:0"}
        audit: {file: kms-audit.log}
        """
            .formatted(servers, kms, zn, ALICE, at(Host.ALICE), pushes));
    write(
        "manager.yaml",
        """
        vault: {file: manager.vault, key-file: key}
        kms: {%1$s, identity: "%2$s", device: manager-1, ticket: manager.ticket}
        listen: "%3$s:%4$d"
        https: {listen: "%3$s:%5$d", certificate: manager.pem, key: manager-key.pem}
        groups:
          - {id: "%6$s", members: members.yaml}
        """
            .formatted(kmsOf(), MANAGER, servers, manager, managerHttps, FIRE));
    write(
        "gateway.yaml",
        """
        identity: "%1$s"
        device: gpe1-1
        vault: {file: gateway.vault, key-file: key}
        kms: {%2$s, ticket: gpe1.ticket}
        mikey: {listen: "%3$s:%4$d"}
        admin: {listen: "127.0.0.1:0"}
        audit: {file: gateway-audit.log}
        record: {directory: recordings}
        groups:
          - id: "%5$s"
            manager: udp://%6$s:%7$d
            members: members.yaml
            listen: [{unicast: "%3$s:%8$d"}]
            receivers: {}
            record: {}
        """
            .formatted(
                GATEWAY, kmsOf(), at(Host.GATEWAY), gatewayMikey, FIRE, servers, manager, media));
    write(
        "members.yaml",
        """
        members:
          - {identity: "%s", may: [talk, listen]}
          - {identity: "%s", may: [listen]}
          - {identity: "%s", may: [listen, relay]}
        """
            .formatted(ALICE, BOB, GATEWAY));
    Files.createDirectory(file("recordings"));
    write("sims.csv", "impi,k,opc,identities\n%s,%s,%s,%s\n".formatted(IMPI, K, OPC, ALICE));
    write("alice.card", "K: %s\nOPc: %s\n".formatted(K, OPC));
    Files.setPosixFilePermissions(file("alice.card"), PosixFilePermissions.fromString("rw-------"));
  }

  private String kmsOf() {
    return "url: \"%s\", uri: kms.example.org, ca: ca.pem".formatted(url());
  }

  private String url() {
    return "https://%s:%d".formatted(at(Host.SERVERS), kms);
  }

  private void subscribersAndUsers() throws Exception {
    local("bsf", "import", "--config", text("bsf.yaml"), text("sims.csv"));
    for (String user : List.of(ALICE, BOB, GATEWAY, MANAGER)) {
      local("kms", "user", "add", "--config", text("kms.yaml"), "--identity", user);
    }
    local(
        "kms",
        "group",
        "put",
        "--config",
        text("kms.yaml"),
        "--group",
        FIRE,
        "--kms",
        "kms.example.org",
        "--manager-address",
        "https://%s:%d".formatted(at(Host.SERVERS), managerHttps),
        "--manager",
        MANAGER,
        "--members",
        text("members.yaml"));
    ticket(BOB, "phone-1", "bob.ticket");
    ticket(GATEWAY, "gpe1-1", "gpe1.ticket");
    ticket(MANAGER, "manager-1", "manager.ticket");
  }

  private void ticket(String who, String device, String out) {
    local(
        "kms",
        "ticket",
        "--config",
        text("kms.yaml"),
        "--identity",
        who,
        "--device",
        device,
        "--out",
        text(out));
  }

  // ---- what happens ----

  private void aliceEnrolsByHerSim() throws Exception {
    List<String> said =
        done(
            Host.ALICE,
            "enrol",
            own("alice", ALICE),
            atKms(),
            "--sim",
            text("alice.card"),
            "--impi",
            IMPI,
            "--bsf",
            "https://%s:%d".formatted(at(Host.SERVERS), ub),
            "--bsf-name",
            "bsf.example.org",
            "--naf",
            "kms.example.org");
    assertThat(said)
        .anyMatch(line -> line.contains("installed " + ALICE))
        .contains("joined " + FIRE);
    Files.delete(file("alice.card"));
  }

  private void bobEnrolsByATicket() throws Exception {
    List<String> said =
        done(Host.BOB, "enrol", own("bob", BOB), atKms(), "--ticket", text("bob.ticket"));
    assertThat(said).anyMatch(line -> line.contains("installed " + BOB)).contains("joined " + FIRE);
  }

  private ParleyProcess bobJoins() throws Exception {
    ParleyProcess bob =
        start(
            Host.BOB,
            "listen",
            own("bob", BOB),
            "--group",
            FIRE,
            "--join",
            at(Host.GATEWAY) + ":" + media,
            registering(Host.BOB),
            "--out",
            text("heard"),
            "--debug");
    bob.awaitSaying("got a GMK of " + FIRE);
    bob.awaitSaying("joined " + FIRE);
    return bob;
  }

  /// For a phone that nobody can send to: it asks until something waits.
  private void aliceFetchesHerGmk() throws Exception {
    List<String> said = List.of();
    while (said.stream().noneMatch(line -> line.contains(" of " + FIRE))) {
      said =
          done(
              Host.ALICE,
              "group",
              "pull",
              own("alice", ALICE),
              "--group",
              FIRE,
              "--manager",
              "https://%s:%d".formatted(at(Host.SERVERS), managerHttps),
              "--ca",
              text("ca.pem"));
    }
  }

  private void aliceIsCalledForNewKeys() throws Exception {
    ParleyProcess alice =
        start(
            Host.ALICE,
            "enrol",
            own("alice", ALICE),
            atKms(),
            "--sim",
            "--naf",
            "kms.example.org",
            "--listen-push",
            "udp:%s:%d".formatted(at(Host.ALICE), pushes),
            "--pushes",
            1);
    alice.awaitSaying("waiting for pushes");
    assertThat(done(Host.SERVERS, "kms", "push", "--config", text("kms.yaml"), "--identity", ALICE))
        .anyMatch(line -> line.contains("called " + ALICE));
    assertThat(alice.awaitEnd()).as(String.join("\n", alice.said())).isZero();
    alice.awaitSaying("installed " + ALICE);
  }

  private void aliceSpeaks(String to) throws Exception {
    var _ =
        done(
            Host.ALICE, "talk", own("alice", ALICE), "--group", FIRE, "--to", to, "--file", speech);
  }

  /// All of it is accounted for. On a machine that is too busy to verify in time a burst's first
  /// packets are missing, and told as such.
  private static void assertHeard(ParleyProcess listener, int times) throws Exception {
    listener.awaitSaying(ALICE + " speaks", times);
    Matcher ended = ENDED.matcher(listener.awaitSaying(ALICE + " ended (bye)", times));
    assertThat(ended.find()).isTrue();
    assertThat(Integer.parseInt(ended.group(1))).isPositive();
    assertThat(Integer.parseInt(ended.group(1)) + Integer.parseInt(ended.group(2)))
        .isEqualTo(PACKETS);
  }

  private void recordingsAndAuditLogsAreWhole() {
    assertThat(local("recordings", "list", file("recordings"))).contains("2 recordings");
    for (String log : List.of("bsf-audit.log", "kms-audit.log", "gateway-audit.log")) {
      assertThat(local("audit", "verify", file(log))).isNotEmpty();
    }
    assertThat(local("audit", "show", file("kms-audit.log")))
        .contains(ALICE + ", device phone-1", FIRE)
        .doesNotContain(K);
  }

  /// Neither in what the processes said, nor in audit logs and tables.
  private void noKeyWasWrittenAnywhere() throws Exception {
    var written = new ByteArrayOutputStream();
    for (ParleyProcess process : processes) {
      written.writeBytes(String.join("\n", process.said()).getBytes(StandardCharsets.UTF_8));
    }
    for (String name : List.of("bsf", "kms", "gateway")) {
      written.writeBytes(Files.readAllBytes(file(name + "-audit.log")));
    }
    for (String tables : List.of("bsf.db", "kms.db")) {
      written.writeBytes(Files.readAllBytes(file(tables)));
    }
    for (String role : List.of("alice", "bob", "gateway", "manager", "kms")) {
      LongLivedKeys keys = LongLivedKeys.of(file(role + ".vault"), key, InstantSource.system());
      assertThat(keys.foundIn(written.toByteArray())).as(role).isEmpty();
    }
  }

  /// On both phones the keys are enough.
  private void aGroupWithoutAnyOfThem() throws Exception {
    ParleyProcess bob =
        start(
            Host.BOB,
            "listen",
            own("bob", BOB),
            "--group",
            ALICE,
            "--accept",
            ALICE,
            "--listen",
            at(Host.BOB) + ":" + ownMedia,
            "--mikey",
            at(Host.BOB) + ":" + ownMikey,
            "--out",
            text("heard"),
            "--debug");
    bob.awaitSaying(BOB + " listens to " + ALICE);
    String invited = "%s=%s:%d".formatted(BOB, at(Host.BOB), ownMikey);
    assertThat(
            done(
                Host.ALICE,
                "group",
                "create",
                own("alice", ALICE),
                "--invite",
                invited,
                "--wait",
                60))
        .anyMatch(line -> line.contains(BOB + " has the GMK"));
    var _ =
        done(
            Host.ALICE,
            "talk",
            own("alice", ALICE),
            "--group",
            ALICE,
            "--to",
            at(Host.BOB) + ":" + ownMedia,
            "--file",
            speech);
    assertHeard(bob, 1);
  }

  // ---- commands ----

  private String[] own(String who, String identity) {
    return new String[] {
      "--vault", text(who + ".vault"), "--key-file", key.toString(), "--identity", identity
    };
  }

  private String[] atKms() {
    return new String[] {"--kms", url(), "--kms-uri", "kms.example.org", "--ca", text("ca.pem")};
  }

  private String[] registering(Host host) throws Exception {
    return new String[] {
      "--mikey", at(host) + ":" + FreePort.udp(), "--manager", at(Host.SERVERS) + ":" + manager
    };
  }

  private ParleyProcess server(Host host, String ready, String... words) throws Exception {
    words[words.length - 1] = text(words[words.length - 1]);
    ParleyProcess server = start(host, (Object[]) words);
    server.awaitSaying(ready);
    return server;
  }

  private static void end(ParleyProcess process, String signal) throws Exception {
    process.signal(signal);
    assertThat(process.awaitEnd()).as(String.join("\n", process.said())).isIn(0, 1, 130, 143);
  }

  /// A command in the network of this host, and what it said when it has ended well.
  private List<String> done(Host host, Object... words) throws Exception {
    ParleyProcess process = start(host, words);
    assertThat(process.awaitEnd()).as(String.join("\n", process.said())).isZero();
    return process.said();
  }

  private ParleyProcess start(Host host, Object... words) throws Exception {
    Netns network = networks.get(host);
    List<String> within =
        network == null ? List.of() : List.of("ip", "netns", "exec", network.name());
    ParleyProcess process = open.add(new ParleyProcess(within, flat(words)));
    processes.add(process);
    return process;
  }

  /// A command that needs no network, in this process; what it said.
  private static String local(Object... words) {
    Run run = Run.of(flat(words));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  private static Object[] flat(Object... words) {
    return Stream.of(words)
        .flatMap(word -> word instanceof String[] some ? Stream.of(some) : Stream.of(word))
        .toArray();
  }

  private String at(Host host) {
    return networks.isEmpty() ? "127.0.0.1" : "10.8.0." + host.number;
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private String text(String name) {
    return file(name).toString();
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(file(name), text);
  }
}
