package parley.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.cli.Run;
import parley.gateway.config.AdminConfig;
import parley.gateway.config.ClientConfig;
import parley.gateway.config.Role;
import parley.gateway.config.TlsConfig;
import parley.keys.FreePort;
import tools.jackson.databind.json.JsonMapper;

/// `parley control` against an admin server over a real socket: what it shows, and what it says
/// when something is in the way.
class ControlCommandTest {
  private static final String FIRE = "sip:fire@example.org";
  private static final String ALICE = "sip:alice@example.org";

  @TempDir Path folder;
  private TestAuthority servers;
  private TestAuthority clients;
  private Path tokens;
  private Path operator;
  private Path reader;

  @BeforeEach
  void provision() throws Exception {
    servers = new TestAuthority(folder, "servers");
    clients = new TestAuthority(folder, "clients");
    tokens = secret("tokens", "");
    operator = token("ops", Role.OPERATE);
    reader = token("view", Role.READ);
  }

  private Path token(String name, Role role) throws IOException {
    String token = AccessToken.draw(new SecureRandom());
    Files.writeString(
        tokens, Files.readString(tokens) + AccessToken.of(name, role, token).line() + "\n");
    return secret(name + ".token", token + "\n");
  }

  private Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private AdminConfig config(TestAuthority.Holder server) {
    return new AdminConfig(
        AdminRig.ANY_PORT,
        new TlsConfig(server.certificate(), server.key(), clients.certificate()),
        tokens,
        List.of(new ClientConfig("ops.example.org", Role.OPERATE)),
        false);
  }

  private static Run control(String url, Object... words) {
    List<String> args = new ArrayList<>(List.of("control"));
    for (Object word : words) {
      args.add(word.toString());
    }
    args.addAll(List.of("--url", url));
    return Run.of(args.toArray());
  }

  private static String http(AdminRig rig) {
    return "http://127.0.0.1:" + rig.port();
  }

  private static String https(AdminRig rig) {
    return "https://localhost:" + rig.port();
  }

  private static void assertSentence(Run run, int exitCode, String... says) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.err())
        .startsWith("parley: ")
        .contains(says)
        .doesNotContain("Exception")
        .doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void showsAGatewayToPeopleAndToPrograms() throws Exception {
    try (AdminRig rig = AdminRig.open()) {
      rig.status.readiness = new Readiness(List.of("no GMK of sip:water@example.org is current"));

      Run status = control(http(rig), "status");
      assertThat(status.exitCode()).as(status.err()).isZero();
      assertThat(status.out())
          .contains("version: 1.2.3", "ready: no", "no GMK of sip:water", "running since")
          .contains("recorder: 4 of 100 octets queued, 9 packets lost")
          .contains(FIRE, "2 legs, 1 faulty", "GMK 01234567");
      assertThat(control(http(rig), "groups", FIRE).out())
          .contains(
              "1000 octets, 7 dropped by the kernel\n", "900 octets  FAULT: nobody listens there")
          .contains("bridges: sip:joint@example.org", "0000cafe");
      assertThat(control(http(rig), "bursts").out()).contains(ALICE).endsWith("1 bursts\n");
      var json = JsonMapper.shared().readTree(control(http(rig), "status", "--json").out());
      assertThat(json.path("readiness").path("ready").asBoolean(true)).isFalse();
      assertThat(json.path("groups").get(0).path("id").asString()).isEqualTo(FIRE);
    }
  }

  @Test
  void doesWhatItIsTold() throws Exception {
    try (AdminRig rig = AdminRig.open()) {
      assertThat(control(http(rig), "reload").out()).contains("fire: leg added", "1 changed");
      assertThat(control(http(rig), "drain", "--deadline", "30s").out()).contains("draining");
      assertThat(control(http(rig), "resume").out()).contains("running");
      assertThat(control(http(rig), "mute", "--group", FIRE, "--talker", ALICE).out())
          .isEqualTo("%s is muted in %s\n".formatted(ALICE, FIRE));
      assertThat(control(http(rig), "unmute", "--group", FIRE, "--talker", ALICE).out())
          .contains("heard again");
      assertThat(control(http(rig), "receivers", "--group", FIRE).out())
          .contains("10.0.0.7:5004", "configuration", "10.0.0.8:40000", "joined", ALICE)
          .endsWith("2 receivers\n");
      assertThat(
              control(http(rig), "add-receiver", "--group", FIRE, "--to", "[2001:db8::7]:5004")
                  .out())
          .isEqualTo("[2001:db8:0:0:0:0:0:7]:5004 receives %s\n".formatted(FIRE));
      assertThat(
              control(http(rig), "remove-receiver", "--group", FIRE, "--to", "10.0.0.7:5004").out())
          .isEqualTo("10.0.0.7:5004 no longer receives %s\n".formatted(FIRE));

      assertThat(rig.control.done)
          .containsExactly(
              "reload",
              "drain PT30S",
              "resume",
              "mute %s in %s".formatted(ALICE, FIRE),
              "unmute %s in %s".formatted(ALICE, FIRE),
              "add /[2001:db8:0:0:0:0:0:7]:5004 to " + FIRE,
              "remove /10.0.0.7:5004 from " + FIRE);
    }
  }

  @Test
  void passesOnWhatIsInTheWay() throws Exception {
    try (AdminRig rig = AdminRig.open()) {
      assertSentence(control(http(rig), "drain", "--deadline", "soon"), 4, "soon is no time");
      assertSentence(control(http(rig), "groups", "sip:x@y"), 1, "sip:x@y is none of");
      rig.control.refusal =
          new ControlRefused(
              ControlRefused.Kind.INVALID, "the file is wrong", List.of("a: is wrong"), null);
      assertSentence(control(http(rig), "reload"), 4, "the file is wrong\n  a: is wrong");
    }
  }

  @Test
  void comesInByTokenOrCertificate() throws Exception {
    TestAuthority.Holder ops = clients.issue("ops.example.org");
    try (AdminRig rig = AdminRig.of(config(servers.issue("gateway")))) {
      Path ca = servers.certificate();

      Run byToken = control(https(rig), "reload", "--token-file", operator, "--ca", ca);
      assertThat(byToken.exitCode()).as(byToken.err()).isZero();
      Run byCertificate =
          control(
              https(rig),
              "reload",
              "--ca",
              ca,
              "--certificate",
              ops.certificate(),
              "--key",
              ops.key());
      assertThat(byCertificate.exitCode()).as(byCertificate.err()).isZero();
      assertThat(rig.audit.lines)
          .contains("token ops | reload |  | done")
          .contains("certificate ops.example.org | reload |  | done");
    }
  }

  @Test
  void saysWhatToDoWhenItIsNotLetIn() throws Exception {
    Path stale = secret("stale.token", AccessToken.draw(new SecureRandom()));
    try (AdminRig rig = AdminRig.of(config(servers.issue("gateway")))) {
      Path ca = servers.certificate();

      assertSentence(
          control(https(rig), "status", "--ca", ca), 7, "say who you are", "--token-file");
      assertSentence(
          control(https(rig), "status", "--ca", ca, "--token-file", stale),
          7,
          "this token is not known",
          "'parley token'");
      assertSentence(
          control(https(rig), "reload", "--ca", ca, "--token-file", reader),
          7,
          "token view has the role read; this needs operate");
      Files.setPosixFilePermissions(stale, PosixFilePermissions.fromString("rw-r--r--"));
      assertSentence(
          control(https(rig), "status", "--ca", ca, "--token-file", stale), 7, "chmod 600");
      assertThat(rig.control.done).isEmpty();
    }
  }

  @Test
  void saysWhatToDoWhenTlsFails() throws Exception {
    Instant now = Instant.now();
    TestAuthority.Holder old =
        servers.issue("old", now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)));
    InstantSource then = InstantSource.fixed(now.minus(Duration.ofDays(5)));
    Path ca = servers.certificate();
    try (AdminRig rig = AdminRig.at(then, config(old))) {
      assertSentence(
          control(https(rig), "status", "--ca", ca, "--token-file", reader), 6, "has expired");
    }
    TestAuthority.Holder expired =
        clients.issue("ops.example.org", now.minus(Duration.ofDays(9)), now.minusSeconds(60));
    try (AdminRig rig = AdminRig.of(config(servers.issue("gateway")))) {
      assertSentence(
          control(https(rig), "status", "--token-file", reader),
          6,
          "nobody this host believes",
          "--ca");
      assertSentence(
          control(https(rig), "status", "--ca", clients.certificate(), "--token-file", reader),
          6,
          "nobody this host believes");
      assertSentence(control(http(rig), "status"), 6, "https:// where it has TLS");
      assertSentence(
          control(
              https(rig),
              "status",
              "--ca",
              ca,
              "--certificate",
              expired.certificate(),
              "--key",
              expired.key()),
          6,
          "does not take this client's certificate");
      assertSentence(
          control(
              https(rig),
              "status",
              "--ca",
              ca,
              "--certificate",
              expired.certificate(),
              "--key",
              old.key()),
          3,
          "is not the key of the certificate");
    }
    try (AdminRig rig = AdminRig.open()) {
      assertSentence(control(https(rig), "status"), 6, "http:// where it has none");
    }
  }

  @Test
  void saysWhatToDoWhenNobodyAnswers() throws Exception {
    String url = "http://127.0.0.1:" + FreePort.tcp();
    assertSentence(
        control(url, "status"), 6, "nothing listens at " + url, "is the gateway running");
    assertSentence(control("http://10.9.8.7:1", "status", "--token-file", reader), 2, "in clear");
    assertSentence(control("ftp://x", "status"), 2, "--url");
  }
}
