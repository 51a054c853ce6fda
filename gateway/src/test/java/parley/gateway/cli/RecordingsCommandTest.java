package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.record.RecordedBurst;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecordingsCommandTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path recording;

  @BeforeEach
  void record() throws Exception {
    recording = RecordedBurst.pcmu(directory, 50);
  }

  @Test
  void listShowsWhoSpokeToWhom() {
    assertThat(run("recordings", "list", directory.toString())).isZero();
    assertThat(out.toString())
        .contains("sip:alice@example.org -> sip:fire-ops@example.org", "closed", "1 recordings");
  }

  @Test
  void listAndShowSpeakJson() {
    assertThat(run("recordings", "list", "--json", directory.toString())).isZero();
    JsonNode listed = JsonMapper.shared().readTree(out.toString()).get(0);
    assertThat(listed.get("srtpPackets").asInt()).isEqualTo(50);
    assertThat(listed.propertyNames())
        .containsExactly(
            "file",
            "part",
            "continues",
            "started",
            "group",
            "talker",
            "speaker",
            "csbId",
            "state",
            "unaltered",
            "altered",
            "truncatedOctets",
            "chainHead",
            "endReason",
            "durationSeconds",
            "srtpPackets",
            "srtpOctets",
            "srtcpPackets",
            "announcements",
            "gaps",
            "lostPackets");
    out.getBuffer().setLength(0);
    assertThat(run("recordings", "show", "--json", recording.toString())).isZero();
    JsonNode shown = JsonMapper.shared().readTree(out.toString());
    assertThat(shown.get("unaltered").asBoolean()).isTrue();
    assertThat(shown.get("header").toString()).contains("gmk-id: 00c0ffee");
  }

  @Test
  void fileOfAKillBeforeItsFirstBlockIsNamedAndNoError() throws Exception {
    byte[] whole = Files.readAllBytes(recording);
    for (int cut : List.of(0, 5, 8, 30, 200)) {
      Files.write(directory.resolve("cut-" + cut + ".parley"), Arrays.copyOf(whole, cut));
    }

    assertThat(run("recordings", "list", directory.toString())).isZero();
    assertThat(err.toString().lines())
        .hasSize(5)
        .allMatch(line -> line.contains("before anything was recorded"));
    assertThat(out.toString()).contains("1 recordings");
  }

  @Test
  void fileThatIsNoRecordingIsAnError() throws Exception {
    Files.writeString(directory.resolve("note.parley"), "PARSLEY, a herb");

    assertThat(run("recordings", "list", directory.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("does not start as a recording");
  }

  @Test
  void alteredRecordingIsShownAsSuch() throws Exception {
    byte[] octets = Files.readAllBytes(recording);
    octets[octets.length / 2] ^= 1;
    Files.write(recording, octets);

    assertThat(run("recordings", "show", recording.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("ALTERED");
  }

  @Test
  void exportWritesOnceAndOnlyAgainByForce() {
    Path wav = directory.resolve("out.wav");
    List<String> export = exportTo(wav);
    int exit = run(export.toArray(String[]::new));
    assertThat(exit).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("50 of 50 packets verified and decrypted", "1 announcements", "wrote " + wav);
    assertThat(wav).isNotEmptyFile();
    assertThat(run(export.toArray(String[]::new))).isEqualTo(1);
    assertThat(err.toString()).contains("exists already");
    assertThat(run(with(export, "--force"))).isZero();
  }

  @Test
  void missingFileAndWrongVaultAreOneSentenceEach() throws Exception {
    assertThat(run("recordings", "export", "nowhere.parley", "--format", "wav", "--vault", "vault"))
        .isEqualTo(3);
    assertThat(err.toString().strip().lines()).hasSize(1);
    Files.write(directory.resolve("key"), new byte[] {1});
    assertThat(run(exportTo(directory.resolve("out.wav")).toArray(String[]::new))).isEqualTo(5);
  }

  private List<String> exportTo(Path wav) {
    return List.of(
        "recordings",
        "export",
        recording.toString(),
        "--format",
        "wav",
        "--out",
        wav.toString(),
        "--vault",
        directory.resolve("vault").toString(),
        "--key-file",
        directory.resolve("key").toString());
  }

  private static String[] with(List<String> arguments, String more) {
    return Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new);
  }

  private int run(String... arguments) {
    CommandLine parley = Parley.commandLine();
    if (!parley.getSubcommands().containsKey("recordings")) {
      parley.addSubcommand(new RecordingsCommand()).setCaseInsensitiveEnumValuesAllowed(true);
      parley.setExecutionExceptionHandler(parley.getExecutionExceptionHandler());
    }
    return parley
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
