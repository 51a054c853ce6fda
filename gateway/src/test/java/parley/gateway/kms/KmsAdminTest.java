package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.gateway.kms.KmsRig.ALICE;
import static parley.gateway.kms.KmsRig.PHONE;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.StartRefused;
import parley.gateway.bsf.BsfRig;
import parley.gateway.cli.Run;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.KmsServerConfig;
import parley.keys.FreePort;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.EnrolmentTicket;

/// What the operator of a running KMS sees, and changes without a restart.
class KmsAdminTest {
  @TempDir Path folder;
  private KmsRig rig;
  private int port;
  private Path yaml;
  private String operator;
  private KmsRig.Running kms;

  @BeforeEach
  void start() throws Exception {
    rig = new KmsRig(folder);
    port = FreePort.tcp();
    operator = token("ops", "operate");
    yaml = configured("");
    kms = rig.start(yaml);
    kms.server().registry().users().add(ALICE, null);
  }

  @AfterEach
  void stop() {
    kms.close();
  }

  private String token(String name, String role) {
    Run run = Run.of("token", name, "--role", role, "--file", rig.file("tokens"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().strip();
  }

  private Path configured(String more) throws Exception {
    String text = Files.readString(rig.configure("kms", port, more));
    return Files.writeString(
        rig.file("kms.yaml"), text.replace("\"127.0.0.1:0\"}", "\"127.0.0.1:0\", tokens: tokens}"));
  }

  private KmsServerConfig read() throws Exception {
    return ConfigFile.readKms(yaml);
  }

  private HttpResponse<String> admin(String token, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + kms.server().adminLocal().getPort() + path))
              .header("Authorization", "Bearer " + token)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private void enrol() throws Exception {
    try (EnrolmentTicket ticket =
            kms.server().registry().tickets().make(ALICE, PHONE, Duration.ofDays(1));
        TransportKeys keys = ticket.transportKeys();
        KeyProvisioning client = rig.byTicket(KmsRig.address(port), ALICE, ticket, keys)) {
      client.keys(ALICE, client.certificate()).close();
      assertThatThrownBy(() -> client.keys(ALICE, rig.certificate()))
          .isInstanceOf(KmsRefusal.class);
    }
  }

  @Test
  void showsWhatItGaveAndRefused() throws Exception {
    enrol();
    assertThat(admin(operator, "/readyz").statusCode()).isEqualTo(200);
    assertThat(admin(operator, "/api/v1/kms").body())
        .contains(
            "\"uri\":\"kms.example.org\"", "\"keySets\":" + kms.server().counters().keySets());
    assertThat(admin(operator, "/api/v1/users/sip%3Aalice%40example.org").body())
        .contains("\"devices\":[\"phone-1\"]", "\"revoked\":null");
    assertThat(admin(operator, "/api/v1/users/sip%3Anobody%40example.org").statusCode())
        .isEqualTo(404);
    assertThat(admin(operator, "/metrics").body())
        .contains(
            "parley_ready 1.0",
            "parley_kms_key_sets_total " + (double) kms.server().counters().keySets(),
            "parley_kms_denied_total{reason=\"unknown\"} 1.0",
            "parley_https_connections_total{port=\"https\"} 1.0",
            "parley_https_answers_total{port=\"https\",status=\"2xx\"} 2.0",
            "parley_https_certificate_left_seconds{port=\"https\"}");
  }

  @Test
  void takesANewCertificateAndRefusesAWrongOne() throws Exception {
    var _ = rig.files().server("kms", BsfRig.KMS.name(), Instant.now().plus(Duration.ofDays(7)));
    assertThat(kms.server().reload(read()))
        .singleElement()
        .asString()
        .contains("https: a new certificate, until");
    enrol();
    Files.copy(
        rig.file("other-key.pem"), rig.file("kms-key.pem"), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> kms.server().reload(read()))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("https.key: ");
    enrol();
  }

  /// Who lost its token is out, without a restart.
  @Test
  void takesNewTokens() throws Exception {
    String before = Files.readString(rig.file("tokens"));
    String reader = token("prometheus", "read");
    assertThat(admin(reader, "/api/v1/kms").statusCode()).isEqualTo(401);
    assertThat(kms.server().reload(read())).containsExactly("token prometheus added: read");
    assertThat(admin(reader, "/api/v1/kms").statusCode()).isEqualTo(200);
    Files.writeString(rig.file("tokens"), before);
    assertThat(kms.server().reload(read())).containsExactly("token prometheus removed");
    assertThat(admin(reader, "/api/v1/kms").statusCode()).isEqualTo(401);
    assertThat(admin(operator, "/api/v1/kms").statusCode()).isEqualTo(200);
  }

  @Test
  void saysWhatWantsARestart() throws Exception {
    var _ = configured("limits: {peer-burst: 41}\n");
    assertThat(kms.server().reload(read()))
        .containsExactly("other settings differ, too; they count after a restart");
    assertThat(kms.server().reload(read())).hasSize(1);
    var _ = configured("");
    assertThat(kms.server().reload(read())).isEmpty();
  }

  @Test
  void saysWhichPortIsTaken() throws Exception {
    Files.copy(rig.file("kms.vault"), rig.file("second.vault"));
    Path second = rig.configure("second", port, "");
    assertThatThrownBy(() -> rig.start(second))
        .isInstanceOfSatisfying(
            StartRefused.class, e -> assertThat(e.kind()).isEqualTo(StartRefused.Kind.PORT));
  }
}
