package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.cli.Parley;
import parley.gateway.cli.Run;
import parley.gateway.lab.BothPaths;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.keys.FreePort;

/// `parley listen --join` and a gateway, each in a JVM of its own: joined, relayed to, and gone
/// after Ctrl-C.
@BothPaths
class ListenJoinIT {
  private static final String FIRE = "sip:fire@example.org";
  private static final String GATEWAY = "sip:gpe1@example.org";
  private static final String CAROL = "sip:carol@example.org";
  private static final int PACKETS = 50;

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private final String io;
  private Lab lab;
  private LabMember alice;
  private String media;

  @SuppressWarnings("NullAway.Init")
  ListenJoinIT(String io) {
    this.io = io;
  }

  @BeforeEach
  void enrol() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    alice = lab.member("sip:alice@example.org");
    LabMember gateway = lab.member(GATEWAY);
    LabMember carol = lab.member(CAROL);
    lab.group(FIRE, gateway, alice, carol);
    lab.release(gateway);
    lab.release(carol);
    media = "127.0.0.1:" + FreePort.udp();
  }

  private Path config() throws IOException {
    return Files.writeString(
        folder.resolve("gateway.yaml"),
        """
        identity: %s
        vault: {file: %s, key-file: %s}
        mikey: {listen: 127.0.0.1:0}
        admin: {listen: 127.0.0.1:0}
        media: {io: %s}
        groups:
          - id: %s
            listen: [{unicast: "%s"}]
            receivers: {}
        """
            .formatted(GATEWAY, lab.vaultFile(GATEWAY), lab.keyFile(), io, FIRE, media));
  }

  /// A terminal as a user starts it. A JVM that inherits an ignored SIGINT ignores it for good.
  private final class Terminal implements AutoCloseable {
    final List<String> said = new CopyOnWriteArrayList<>();
    final Process process;

    Terminal(Path out) throws IOException {
      process =
          new ProcessBuilder(
                  "env",
                  "--default-signal=INT",
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "--sun-misc-unsafe-memory-access=allow",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Parley.class.getName(),
                  "listen",
                  "--vault",
                  lab.vaultFile(CAROL).toString(),
                  "--key-file",
                  lab.keyFile().toString(),
                  "--identity",
                  CAROL,
                  "--group",
                  FIRE,
                  "--join",
                  media,
                  "--out",
                  out.toString())
              .redirectErrorStream(true)
              .start();
      BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
      Thread.ofVirtual().start(() -> read(output));
    }

    private void read(BufferedReader output) {
      try (output) {
        output.lines().forEach(said::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void awaitSaying(String words) throws Exception {
      try {
        Await.until(words, () -> said.stream().anyMatch(line -> line.contains(words)));
      } catch (AssertionError e) {
        throw new AssertionError(String.join("\n", said), e);
      }
    }

    int interrupt() throws Exception {
      assertThat(new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor()).isZero();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends").isTrue();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static List<String> receivers(GatewayProcess gateway) throws Exception {
    Run run =
        Run.of(
            "control",
            "receivers",
            "--group",
            FIRE,
            "--url",
            "http://127.0.0.1:" + gateway.adminPort());
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().lines().filter(line -> line.contains("joined")).toList();
  }

  @Test
  void oneThatJoinsIsRelayedToAndLeavesOnCtrlC() throws Exception {
    GatewayProcess gateway = open.add(new GatewayProcess(config()));
    Terminal terminal = open.add(new Terminal(folder.resolve("heard")));
    terminal.awaitSaying("joined " + FIRE + " at " + media);
    assertThat(receivers(gateway)).hasSize(1);

    LabEar mouth = open.add(new LabEar());
    InetSocketAddress to =
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(),
            Integer.parseInt(media.substring(media.indexOf(':') + 1)));
    LabTalker talker = alice.talker(FIRE);
    mouth.send(talker.announce(), to);
    terminal.awaitSaying("sip:alice@example.org speaks");
    for (int n = 0; n < PACKETS; n++) {
      mouth.send(talker.packet(n), to);
    }
    mouth.send(talker.bye(), to);
    terminal.awaitSaying("sip:alice@example.org ended (bye): " + PACKETS + " packets, 0 missing");

    assertThat(terminal.interrupt()).isIn(0, 130);
    Await.until("nobody is a receiver any more", () -> receivers(gateway).isEmpty());
    assertThat(gateway.stop()).isZero();
  }
}
