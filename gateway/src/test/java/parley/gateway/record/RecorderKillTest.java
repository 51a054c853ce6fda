package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.vault.Vault;

class RecorderKillTest {
  private static final String FLUSHED = "flushed ";

  @TempDir Path directory;

  @Test
  @Timeout(120)
  void whatWasFlushedBeforeKillNineIsReadAndTheNextBurstWorks() throws Exception {
    long flushed = recordUntilKilled();
    Path recording = RecordingDirectory.list(directory).getFirst();
    RecordingSummary summary = RecordingSummary.read(recording);

    assertThat(summary.integrity().state()).isEqualTo(Integrity.State.UNCLOSED);
    assertThat(summary.integrity().damages()).isEmpty();
    assertThat(summary.integrity().octets() - summary.integrity().truncatedOctets())
        .isGreaterThanOrEqualTo(flushed);
    try (Vault vault = TestTalk.vault(directory)) {
      List<byte[]> payloads = RecordingExport.payloads(recording, vault.recordingKey());
      assertThat(payloads).hasSize((int) summary.srtpPackets()).isNotEmpty();
      for (int i = 0; i < payloads.size(); i++) {
        assertThat(payloads.get(i)).isEqualTo(TestTalk.payload(i, 160));
      }
      var next = new TestTalk(vault.recordingKey(), 1);
      Path second = next.record(directory, PayloadTypes.defaults(), List.of());
      assertThat(RecordingDirectory.list(directory)).hasSize(2).contains(second);
    }
  }

  /// Octets that the child said are safe before it was killed in the middle of a burst.
  private long recordUntilKilled() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Endless.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      long flushed = 0;
      for (int flushes = 0; flushes < 30; ) {
        String line = out.readLine();
        assertThat(line).as("the child's output").isNotNull();
        if (line.startsWith(FLUSHED)) {
          flushed += Long.parseLong(line.substring(FLUSHED.length()));
          flushes++;
        }
      }
      return flushed;
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  /// Records one endless burst and prints how many octets each flush made safe.
  static final class Endless {
    public static void main(String[] args) throws Exception {
      Path directory = Path.of(args[0]);
      RecorderEvents printing =
          new RecorderEvents() {
            @Override
            public void flushed(Path file, long octets) {
              System.out.println(FLUSHED + octets);
            }
          };
      var settings =
          new RecorderSettings(1 << 20, 4096, Duration.ofMillis(5), 0, PayloadTypes.defaults());
      Vault vault = TestTalk.vault(directory);
      var talk = new TestTalk(vault.recordingKey(), 1);
      var recorder = new Recorder(directory, TestTalk.GATEWAY, settings, TestTalk.CLOCK, printing);
      talk.start(recorder);
      for (int i = 0; ; i++) {
        // no faster than the writer: the test is about kills, not about a full queue
        while (recorder.status().queuedOctets() > 1 << 18) {
          Thread.onSpinWait();
        }
        talk.give(
            recorder,
            talk.rtp(0, i, 0, i * 160, TestTalk.payload(i, 160), TestTalk.nanos(i * 20L)));
      }
    }
  }
}
