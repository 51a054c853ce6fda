package parley.gateway.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.system.ParleyProcess;
import parley.keys.FreePort;
import parley.keys.audit.AuditReader;
import parley.mikey.identity.Identity;

/// A manager is killed right after each answer of its API: what it has answered, the next one still
/// has.
class ManagerKillIT {
  private static final int KILLS = 5;

  @TempDir Path folder;

  @Test
  void whatTheApiHasAnsweredSurvives() throws Exception {
    int port = FreePort.tcp();
    try (var lab = new ManagerLab(folder, 1, UeSwarm.GROUP, "");
        HttpClient client = HttpClient.newHttpClient()) {
      Files.writeString(
          lab.config(),
          Files.readString(lab.config())
              .replace(
                  "admin: {listen: \"127.0.0.1:0\"}",
                  "admin: {listen: \"127.0.0.1:%d\"}".formatted(port)));
      String group =
          "http://127.0.0.1:%d/api/v1/groups/%s"
              .formatted(port, ManagerApiTest.encoded(UeSwarm.GROUP));
      List<String> added = new ArrayList<>();
      for (int i = 0; i < KILLS; i++) {
        try (var process = started(lab.config())) {
          assertThat(ask(client, "GET", group + "/members")).contains(added);
          var next = new Identity("sip:new%d@example.org".formatted(i));
          assertThat(
                  ask(client, "PUT", group + "/members/" + ManagerApiTest.encoded(next) + "/talk"))
              .contains(next.uri());
          added.add(next.uri());
          if (i == KILLS / 2) {
            assertThat(ask(client, "POST", group + "/rekey")).contains("gmkId");
          }
          process.kill();
        }
      }
      try (var process = started(lab.config())) {
        assertThat(ask(client, "GET", group + "/members")).contains(added);
        assertThat(ask(client, "GET", group).split("\"gmkId\"", -1)).hasSize(3);
        process.signal("TERM");
        assertThat(process.awaitEnd()).isZero();
      }
      assertThat(AuditReader.read(List.of(lab.file("manager.audit"))).isUnaltered()).isTrue();
    }
  }

  private static ParleyProcess started(Path config) throws Exception {
    var process = new ParleyProcess(List.of(), "manager", "run", "--config", config, "--log=plain");
    process.awaitSaying("manager ready");
    return process;
  }

  private static String ask(HttpClient client, String method, String url) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }
}
