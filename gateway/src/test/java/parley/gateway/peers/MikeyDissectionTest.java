package parley.gateway.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.gateway.record.Tools;
import parley.mikey.group.GroupMasterKey;

/// Wireshark's dissector reads our MIKEY messages, where it can: it knows no GENERIC-ID map. The
/// published samples are read by [SampleDissectionTest].
class MikeyDissectionTest {
  private static final String GROUP = "sip:fire@example.org";
  private static final String ALICE = "sip:alice@example.org";

  @TempDir Path folder;
  private Lab lab;
  private LabMember alice;
  private GroupMasterKey gmk;

  @BeforeEach
  void open() throws Exception {
    Tools.run("tshark", "--version");
    lab = new Lab(folder, Clock.systemUTC());
    alice = lab.member(ALICE);
    gmk = lab.group(GROUP, alice);
  }

  @AfterEach
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  /// An empty map.
  @Test
  void readsEveryPayloadOfAGmkDistribution() throws Exception {
    byte[] message = lab.iMessage(gmk, alice);

    assertThat(fields(message, "mikey.type", "mikey.cs_count", "mikey.id.role", "mikey.id.data"))
        .isEqualTo("26|0|1,2,6,7|%s,%s,%s,%s".formatted(GROUP, ALICE, Lab.KMS_URI, Lab.KMS_URI));
    assertThat(
            fields(
                message,
                "mikey.sakke.params",
                "mikey.sakke.len",
                "mikey.ext.type",
                "mikey.sign.type",
                "mikey.sign.len"))
        .isEqualTo("1|273|7|2|129");
    assertThat(fields(message, "mikey.csb_id")).isEqualTo(hex(message, 4, 4));
    assertThat(malformed(message)).isEmpty();
  }

  /// Map type 0: the announcement in RFC 3830's mandatory algorithms, which the library writes
  /// octet for octet as this vector.
  @Test
  void readsEveryPayloadOfAnAnnouncementInMandatoryAlgorithms() throws Exception {
    byte[] message = vector();

    assertThat(
            fields(
                message,
                "mikey.type",
                "mikey.cs_count",
                "mikey.cs_id_map_type",
                "mikey.srtp_id.ssrc",
                "mikey.srtp_id.roc",
                "mikey.id.data"))
        .isEqualTo("0|1|0|0xcafebabe|0x00000002|tel:+447700900123,sip:group1@mcptt.example.org");
    assertThat(
            fields(
                message,
                "mikey.kemac.key_data_len",
                "mikey.kemac.mac_alg",
                "mikey.sign.type",
                "mikey.sign.len"))
        .isEqualTo("25|1|2|129");
    assertThat(malformed(message)).isEmpty();
  }

  /// What it makes of the map it does not know is not our affair; the header it reads.
  @Test
  void readsTheHeaderOfOurOwnAnnouncement() throws Exception {
    byte[] message = alice.talker(GROUP).announce();

    assertThat(fields(message, "mikey.type", "mikey.csb_id", "mikey.cs_count"))
        .isEqualTo("0|" + hex(message, 4, 4) + "|1");
  }

  private String malformed(byte[] message) throws Exception {
    return Tools.run("tshark", "-n", "-r", capture(message), "-Y", "_ws.malformed")
        .lines()
        .filter(line -> !line.startsWith("Running as user"))
        .reduce("", String::concat);
  }

  /// Values of one field are joined by commas, fields by bars.
  private String fields(byte[] message, String... names) throws Exception {
    StringBuilder command = new StringBuilder("tshark -n -T fields -E separator='|' -r ");
    command.append(capture(message));
    List.of(names).forEach(name -> command.append(" -e ").append(name));
    return Tools.run("/bin/sh", "-c", command + " 2>/dev/null").strip();
  }

  private String capture(byte[] message) throws IOException {
    return Files.write(folder.resolve("mikey.pcap"), MikeyPcap.of(List.of(message))).toString();
  }

  private static byte[] vector() throws IOException {
    String cases =
        Files.readString(
            Path.of("../mikey/src/test/resources/vectors/profile-mikey-psk-sign.json"));
    String basic = cases.substring(cases.indexOf("\"B: RFC 3830"));
    String label = "\"message\": \"";
    int start = basic.indexOf(label) + label.length();
    return HexFormat.of().parseHex(basic, start, basic.indexOf('"', start));
  }

  private static String hex(byte[] octets, int from, int count) {
    return "0x" + HexFormat.of().formatHex(octets, from, from + count);
  }
}
