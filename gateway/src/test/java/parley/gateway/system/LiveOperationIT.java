package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.cli.Run;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;

/// A gateway in a JVM of its own that is operated while it runs: signals, `parley control`, and the
/// audit log that `parley audit` verifies afterwards.
class LiveOperationIT {
  private static final String FIRE = "sip:fire@example.org";
  private static final String ALICE = "sip:alice@example.org";
  private static final byte MIKEY = 1;
  private static final String GATEWAY = "sip:gpe1@example.org";

  @TempDir Path folder;
  private Lab lab;
  private LabMember alice;
  private LabEar ear;
  private LabEar second;
  private LabEar mouth;
  private InetSocketAddress media;
  private Path config;
  private @Nullable Thread announcing;

  @BeforeEach
  void setUp() throws Exception {
    lab = new Lab(folder, Clock.systemUTC());
    alice = lab.member(ALICE);
    ear = new LabEar();
    second = new LabEar();
    mouth = new LabEar();
    LabMember gateway = lab.member(GATEWAY);
    lab.group(FIRE, gateway, alice);
    lab.release(gateway);
    media = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
    config = folder.resolve("gateway.yaml");
    configure("", ear);
  }

  @AfterEach
  void tearDown() throws Exception {
    hush();
    ear.close();
    second.close();
    mouth.close();
    lab.close();
  }

  private static int freePort() throws IOException {
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void configure(String more, LabEar... ears) throws IOException {
    List<String> relays = new ArrayList<>();
    for (LabEar to : ears) {
      relays.add("{to: \"127.0.0.1:%d\"}".formatted(to.address().getPort()));
    }
    Files.writeString(
        config,
        """
        identity: %s
        vault: {file: %s, key-file: %s}
        mikey: {listen: 127.0.0.1:0}
        admin: {listen: 127.0.0.1:0}
        %s
        groups:
          - id: %s
            listen: [{unicast: "127.0.0.1:%d"}]
            relay: [%s]
        """
            .formatted(
                GATEWAY,
                lab.vaultFile(GATEWAY),
                lab.keyFile(),
                more,
                FIRE,
                media.getPort(),
                String.join(", ", relays)));
  }

  private Run control(GatewayProcess gateway, Object... words) throws Exception {
    List<Object> all = new ArrayList<>(List.of("control"));
    all.addAll(List.of(words));
    all.addAll(List.of("--url", "http://127.0.0.1:" + gateway.adminPort()));
    return Run.of(all.toArray());
  }

  private String good(GatewayProcess gateway, Object... words) throws Exception {
    Run run = control(gateway, words);
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    return run.out();
  }

  /// A burst that is kept alive, however slow this machine is, until its talker is hushed.
  private LabTalker begin() throws Exception {
    LabTalker talker = alice.talker(FIRE);
    mouth.send(talker.announce(), media);
    assertThat(ear.hear()[0]).as("the announcement is relayed").isEqualTo(MIKEY);
    announcing = Thread.ofVirtual().start(() -> announce(talker));
    return talker;
  }

  private void announce(LabTalker talker) {
    try {
      while (!Thread.interrupted()) {
        synchronized (this) {
          mouth.send(talker.announce(), media);
        }
        LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
      }
    } catch (Exception e) {
      throw new AssertionError("the talker failed", e);
    }
  }

  private void hush() throws InterruptedException {
    if (announcing != null) {
      announcing.interrupt();
      announcing.join();
    }
  }

  private synchronized byte[] send(LabTalker talker, int n) throws IOException {
    byte[] packet = talker.packet(n);
    mouth.send(packet, media);
    return packet;
  }

  private void heard(LabTalker talker, int n, LabEar... ears) throws Exception {
    byte[] packet = send(talker, n);
    for (LabEar listener : ears) {
      assertThat(media(listener)).as("packet %d octet for octet", n).isEqualTo(packet);
    }
  }

  /// The next packet; announcements are repeated to whoever is new.
  private static byte[] media(LabEar listener) throws IOException {
    byte[] heard = listener.hear();
    while (heard[0] == MIKEY) {
      heard = listener.hear();
    }
    return heard;
  }

  private String audit() throws IOException {
    Path log = folder.resolve("audit/audit.log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  @Test
  void signalsReloadTheGoodAndNameTheBadAndEndWithZero() throws Exception {
    try (GatewayProcess gateway = new GatewayProcess(config)) {
      gateway.adminPort();
      LabTalker talker = begin();
      heard(talker, 1, ear);

      configure("", ear, second);
      gateway.signal("HUP");
      Await.until("the reload is noted", () -> count(audit(), "\"outcome\":\"done\"") == 1);
      heard(talker, 2, ear, second);

      configure("volume: 11", ear);
      gateway.signal("HUP");
      Await.until("the refusal is noted", () -> audit().contains("\"outcome\":\"refused: "));
      heard(talker, 3, ear, second);
      Await.until(
          "the refusal is logged",
          () -> gateway.log().stream().anyMatch(line -> line.contains("SIGHUP changed nothing")));
      assertThat(audit()).contains("\"actor\":\"SIGHUP\",\"act\":\"reload\"").contains("volume: ");

      assertThat(gateway.stop()).as("the exit code after SIGTERM").isZero();
      Await.until(
          "the end is logged",
          () -> gateway.log().stream().anyMatch(line -> line.contains("\"message\":\"stopped\"")));
    }
    verifyAudit();
  }

  /// The chain and the gateway's seal at its end.
  private void verifyAudit() throws IOException {
    Path kms = Files.write(folder.resolve("kms.cert"), lab.certificate().encode());
    Path log = folder.resolve("audit/audit.log");

    Run run = Run.of("audit", "verify", "--kms-certificate", kms, log);

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).contains("not sealed yet: 0 lines").endsWith("unaltered\n");
    Files.writeString(log, audit().replaceFirst("SIGTERM", "SIGTERN"));
    assertThat(Run.of("audit", "verify", log).exitCode()).isEqualTo(1);
  }

  @Test
  void aClientReloadsDrainsAndMutes() throws Exception {
    try (GatewayProcess gateway = new GatewayProcess(config)) {
      LabTalker talker = begin();
      heard(talker, 1, ear);
      assertThat(good(gateway, "status")).contains("ready: yes", FIRE, "1 bursts");
      assertThat(good(gateway, "bursts", "--json")).contains("\"talker\" : \"" + ALICE + "\"");

      good(gateway, "mute", "--group", FIRE, "--talker", ALICE);
      assertThat(good(gateway, "bursts")).contains("muted");
      send(talker, 2);
      Await.until("the muted packet is counted", () -> isMutedCounted(gateway));
      good(gateway, "unmute", "--group", FIRE, "--talker", ALICE);
      heard(talker, 3, ear);

      configure("", ear, second);
      assertThat(good(gateway, "reload")).contains("1 changed");
      heard(talker, 4, ear, second);

      configure("volume: 11", ear);
      Run refused = control(gateway, "reload");
      assertThat(refused.exitCode()).isEqualTo(4);
      assertThat(refused.err()).contains("volume: ").doesNotContain("\tat ");

      assertThat(good(gateway, "drain", "--deadline", "10m")).contains("draining");
      assertThat(good(gateway, "status")).contains("ready: no");
      heard(talker, 5, ear, second);
      assertThat(good(gateway, "resume")).contains("running");
      assertThat(good(gateway, "status")).contains("ready: yes");
      assertThat(control(gateway, "mute", "--group", "sip:x@y", "--talker", ALICE).err())
          .contains("sip:x@y is none of this gateway's groups");
      assertThat(gateway.stop()).isZero();
    }
    Run shown = Run.of("audit", "show", folder.resolve("audit/audit.log"));
    assertThat(shown.out())
        .containsSubsequence(
            "start", "mute", "begun", "mute", "done", "unmute", "reload", "drain", "resume",
            "stop");
  }

  /// Whether the packet of a muted talker has come in and not gone out.
  private static boolean isMutedCounted(GatewayProcess gateway) throws Exception {
    var admin = new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.adminPort());
    try (var pages = new AdminPages(admin)) {
      return pages.metric("parley_packets_dropped_total", "reason=\"muted\"") == 1;
    }
  }

  @Test
  void drainsBeforeItStops() throws Exception {
    configure("drain-on-stop: 10m", ear);
    try (GatewayProcess gateway = new GatewayProcess(config)) {
      gateway.adminPort();
      LabTalker talker = begin();
      heard(talker, 1, ear);

      gateway.signal("TERM");
      Await.until("it drains", () -> audit().contains("\"act\":\"drain\""));
      heard(talker, 2, ear);
      hush();
      mouth.send(talker.bye(), media);

      assertThat(gateway.awaitEnd()).as("ends when the last burst has").isZero();
    }
    assertThat(audit()).contains("\"actor\":\"SIGTERM\",\"act\":\"drain\"");
  }

  @Test
  void aSecondSigtermEndsItAtOnce() throws Exception {
    configure("drain-on-stop: 10m", ear);
    try (GatewayProcess gateway = new GatewayProcess(config)) {
      gateway.adminPort();
      LabTalker talker = begin();
      heard(talker, 1, ear);
      gateway.signal("TERM");
      Await.until("it drains", () -> audit().contains("\"act\":\"drain\""));

      assertThat(gateway.stop()).isEqualTo(143);
    }
  }
}
