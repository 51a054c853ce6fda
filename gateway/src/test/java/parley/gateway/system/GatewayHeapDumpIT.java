package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.keys.FreePort;
import parley.keys.vault.LongLivedKeys;

/// A heap dump of a gateway that relays and records a burst holds none of its long-lived keys, on a
/// cipher engine whose keys lie outside the heap. The JVM options of the service forbid to ask for
/// a dump at all; here they are left out. It is a dump of what is in use: a cipher provider's
/// copies that nothing refers to any more are there until they are collected (SECURITY.md).
class GatewayHeapDumpIT {
  private static final String FIRE = "sip:fire@example.org";
  private static final String GATEWAY = "sip:gpe1@example.org";
  private static final int PACKETS = 20;

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private Lab lab;
  private LabMember alice;
  private InetSocketAddress media;
  private LabEar ear;

  @BeforeEach
  void enrol() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    alice = lab.member("sip:alice@example.org");
    LabMember gateway = lab.member(GATEWAY);
    lab.group(FIRE, gateway, alice);
    lab.release(gateway);
    media = FreePort.udpAddress();
    ear = open.add(new LabEar());
  }

  private Path config() throws Exception {
    Files.createDirectory(folder.resolve("recordings"));
    return Files.writeString(
        folder.resolve("gateway.yaml"),
        """
        identity: %s
        vault: {file: %s, key-file: %s}
        mikey: {listen: 127.0.0.1:0}
        admin: {listen: 127.0.0.1:0}
        media: {srtp-engine: openssl}
        record: {directory: recordings}
        groups:
          - id: %s
            listen: [{unicast: "127.0.0.1:%d"}]
            relay: [{to: "127.0.0.1:%d"}]
            record: {}
        """
            .formatted(
                GATEWAY,
                lab.vaultFile(GATEWAY),
                lab.keyFile(),
                FIRE,
                media.getPort(),
                ear.address().getPort()));
  }

  @Test
  void holdsNoLongLivedKey() throws Exception {
    GatewayProcess gateway =
        open.add(GatewayProcess.launch(List.of(), List.of("-Xmx128m"), config()));
    gateway.awaitReady();
    LabEar mouth = open.add(new LabEar());
    LabTalker talker = alice.talker(FIRE);
    mouth.send(talker.announce(), media);
    ear.hear();
    for (int n = 0; n < PACKETS; n++) {
      mouth.send(talker.packet(n), media);
      ear.hear();
    }

    byte[] heap = dump(gateway);
    List<String> log = gateway.log();
    gateway.kill();

    byte[] name = GATEWAY.getBytes(StandardCharsets.US_ASCII);
    assertThat(LongLivedKeys.found(heap, Map.of("name", name)))
        .as("the search finds what is there")
        .containsExactly("name");
    LongLivedKeys keys =
        LongLivedKeys.of(lab.vaultFile(GATEWAY), lab.keyFile(), InstantSource.system());
    assertThat(keys.names())
        .anyMatch(one -> one.startsWith("RSK"))
        .anyMatch(one -> one.startsWith("GMK"))
        .anyMatch(one -> one.startsWith("recording-key"));
    assertThat(keys.foundIn(heap)).isEmpty();
    assertThat(keys.foundIn(String.join("\n", log).getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  private byte[] dump(GatewayProcess gateway) throws Exception {
    Path file = folder.resolve("heap.hprof");
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(gateway.pid()),
                "GC.heap_dump",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jcmd.waitFor()).as(said).isZero();
    return Files.readAllBytes(file);
  }
}
