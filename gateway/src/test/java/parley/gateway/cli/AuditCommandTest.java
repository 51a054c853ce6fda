package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.audit.AuditLog;
import parley.keys.audit.AuditReader;
import tools.jackson.databind.json.JsonMapper;

class AuditCommandTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("audit.log");
    try (AuditLog log = AuditLog.open(file, Clock.systemUTC())) {
      log.note("gateway", "start", "", "done");
      log.note("token ops", "mute", "sip:alice@example.org in sip:fire@example.org", "done");
    }
  }

  @Test
  void verifiesAnUnalteredLog() throws Exception {
    String head = String.valueOf(AuditReader.read(List.of(file)).head());

    Run run = Run.of("audit", "verify", "--head", head, file.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("lines: 1 to 2", "head: " + head).endsWith("unaltered\n");
  }

  @Test
  void tellsWhereALogWasAltered() throws Exception {
    Files.writeString(file, Files.readString(file).replace("alice", "aiice"));

    Run run = Run.of("audit", "verify", file.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("ALTERED: " + file + " line 2").endsWith("ALTERED\n");
    assertThat(Run.of("audit", "show", file.toString()).exitCode()).isEqualTo(1);
  }

  @Test
  void missesALineThatAHeadKnows() throws Exception {
    Run run = Run.of("audit", "verify", "--json", "--head", "ab".repeat(32), file.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    var json = JsonMapper.shared().readTree(run.out());
    assertThat(json.path("headFound").asBoolean()).isFalse();
    assertThat(json.path("unaltered").asBoolean()).isFalse();
    assertThat(json.path("lines").asInt()).isEqualTo(2);
  }

  @Test
  void showsWhoDidWhat() throws Exception {
    Run lines = Run.of("audit", "show", file.toString());
    assertThat(lines.out())
        .hasLineCount(2)
        .contains("token ops", "mute", "sip:alice@example.org in sip:fire@example.org  done");

    Run json = Run.of("audit", "show", "--json", "--since", "2026-01-01", file.toString());
    assertThat(JsonMapper.shared().readTree(json.out()).get(1).path("act").asString())
        .isEqualTo("mute");
    assertThat(Run.of("audit", "show", "--since", "2126-01-01T00:00:00Z", file.toString()).out())
        .isEmpty();
    assertThat(Run.of("audit", "show", "--since", "yesterday", file.toString()).exitCode())
        .isEqualTo(2);
  }

  @Test
  void wantsAFile() {
    Run run = Run.of("audit", "verify", folder.resolve("none").toString());

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("none does not exist");
  }
}
