package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway as a service manager runs it: a process of its own, ended by SIGTERM.
class GatewayProcessTest {
  private static final Pattern ADMIN_PORT = Pattern.compile("\"admin\":\"[^\"]*:(\\d+)\"");

  @TempDir Path folder;

  @BeforeEach
  void provision() throws IOException {
    Files.write(folder.resolve("key"), new byte[32]);
    String key = folder.resolve("key").toString();
    ok("kms", "init", "--vault", file("kms.vault"), "--key-file", key, "--uri", "kms.example.org");
    ok(
        "kms",
        "certificate",
        "--vault",
        file("kms.vault"),
        "--key-file",
        key,
        "--out",
        file("cert"));
    ok(
        "kms",
        "issue",
        "--vault",
        file("kms.vault"),
        "--key-file",
        key,
        "--device",
        "g",
        "--out",
        file("gpe1.keys"),
        "--transfer-key-file",
        key,
        "--identity",
        "sip:gpe1@example.org");
    ok(
        "enrol",
        "--vault",
        file("gpe1.vault"),
        "--key-file",
        key,
        "--from",
        file("gpe1.keys"),
        "--transfer-key-file",
        key,
        "--kms-certificate",
        file("cert"),
        "--identity",
        "sip:gpe1@example.org");
  }

  @Test
  void answersItsHealthAndClosesInOrder() throws Exception {
    Process gateway = start(configuration("127.0.0.1:0", "sip:gpe1@example.org"));
    try (BufferedReader log = gateway.errorReader(StandardCharsets.UTF_8)) {
      int admin = adminPort(log);

      assertThat(ask(admin, "/healthz").statusCode()).isEqualTo(200);
      assertThat(ask(admin, "/readyz").body()).contains("no GMK of sip:fire@example.org");
      assertThat(ask(admin, "/metrics").body())
          .contains("parley_talkers{group=\"sip:fire@example.org\"} 0.0");
      gateway.toHandle().destroy();

      assertThat(log.lines().toList()).anyMatch(line -> line.contains("\"message\":\"stopped\""));
      assertThat(gateway.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      gateway.destroyForcibly();
    }
  }

  @Test
  void keysOfSomebodyElseAreSeven() throws Exception {
    Run run = Run.of("gateway", "--config", configuration("127.0.0.1:0", "sip:gpe2@example.org"));

    assertThat(run.exitCode()).isEqualTo(7);
    assertThat(run.err()).contains("sip:gpe2@example.org").doesNotContain("\tat ");
  }

  @Test
  void aPortInUseIsSix() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String admin = "127.0.0.1:" + taken.getLocalPort();

      Run run = Run.of("gateway", "--config", configuration(admin, "sip:gpe1@example.org"));

      assertThat(run.exitCode()).isEqualTo(6);
      assertThat(run.err()).contains("admin.listen " + admin).doesNotContain("\tat ");
    }
  }

  @Test
  void wantsToKnowWhatToDo() {
    assertThat(Run.of("gateway").exitCode()).isEqualTo(2);
    assertThat(Run.of("gateway", "--config", "a", "--check", "b").exitCode()).isEqualTo(2);
  }

  private String configuration(String admin, String identity) throws IOException {
    String yaml =
        """
        identity: %s
        vault: {file: gpe1.vault, key-file: key}
        mikey: {listen: 127.0.0.1:0}
        admin: {listen: %s}
        groups: [{id: "sip:fire@example.org", listen: [{unicast: "127.0.0.1:%d"}]}]
        """
            .formatted(identity, admin, freePort());
    return Files.writeString(folder.resolve("gateway.yaml"), yaml).toString();
  }

  private static int freePort() throws IOException {
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Process start(String config) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Parley.class.getName()));
    command.addAll(List.of("gateway", "--config", config, "--log=json"));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static int adminPort(BufferedReader log) throws IOException {
    var lines = new ArrayList<String>();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      lines.add(line);
      Matcher found = ADMIN_PORT.matcher(line);
      if (found.find()) {
        return Integer.parseInt(found.group(1));
      }
    }
    throw new AssertionError("the gateway ended: " + lines);
  }

  private static HttpResponse<String> ask(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private static void ok(Object... args) {
    Run run = Run.of(args);
    assertThat(run.exitCode()).as(run.err()).isZero();
  }
}
