package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.record.TestTalk.Sealed;
import parley.keys.vault.Vault;

class PcapngExportTest {
  @TempDir Path directory;

  @Test
  void tsharkReadsTheDecryptedPacketsWithTheirTimesAndTheTalker() throws Exception {
    Path capture = directory.resolve("burst.pcapng");
    try (Vault vault = TestTalk.vault(directory)) {
      var talk = new TestTalk(vault.recordingKey(), 1);
      var packets = new ArrayList<Sealed>();
      for (int i = 0; i < 5; i++) {
        packets.add(
            talk.rtp(0, i, 0, i * 160, TestTalk.payload(i + 1, 21), TestTalk.nanos(i * 20L)));
      }
      packets.add(talk.bye(0, TestTalk.nanos(100)));
      Path recording = talk.record(directory, PayloadTypes.defaults(), packets);
      ExportReport report =
          RecordingExport.export(
              recording,
              vault.recordingKey(),
              RecordingExport.Format.PCAPNG,
              capture,
              false,
              _ -> {});
      assertThat(report.isComplete()).isTrue();
    }

    String rtp =
        Tools.run(
            "sh",
            "-c",
            "tshark -n -r %s -d udp.port==5004,rtp -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -Y rtp -T fields -e rtp.ssrc -e rtp.timestamp -e rtp.payload -e frame.time_epoch -e frame.comment -e udp.checksum.status -e ip.checksum.status 2>/dev/null"
                .formatted(capture));
    assertThat(rtp.lines()).hasSize(5);
    String first = rtp.lines().findFirst().orElseThrow();
    assertThat(first).contains("0xd00dfeed", TestTalk.ALICE.uri(), "1795435200.000000000", "1\t1");
    assertThat(rtp.replace(":", "")).contains(HexFormat.of().formatHex(TestTalk.payload(5, 21)));
    String rtcp =
        Tools.run(
            "sh",
            "-c",
            "tshark -n -r %s -d udp.port==5005,rtcp -Y rtcp.pt==203 2>/dev/null"
                .formatted(capture));
    assertThat(rtcp).contains("Goodbye");
  }
}
