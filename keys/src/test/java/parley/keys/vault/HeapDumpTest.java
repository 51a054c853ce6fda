package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;

/// A heap dump of a process that holds long-lived keys holds none of their octets.
class HeapDumpTest {
  @TempDir Path directory;

  @Test
  void holdsNoLongLivedKey() throws Exception {
    Path vault = directory.resolve("vault");
    Path keyFile = Secrets.keyFile(directory, "key");
    Path dump = directory.resolve("heap.hprof");
    run(vault, keyFile, dump);

    byte[] heap = Files.readAllBytes(dump);
    byte[] decoy = HexFormat.of().parseHex(HeapDumpChild.DECOY + HeapDumpChild.DECOY);
    assertThat(LongLivedKeys.found(heap, Map.of("decoy", decoy))).containsExactly("decoy");
    LongLivedKeys keys = LongLivedKeys.of(vault, keyFile, new FakeClock(HeapDumpChild.NOW));
    assertThat(keys.names()).hasSizeGreaterThan(11);
    assertThat(keys.foundIn(heap)).isEmpty();
  }

  private static void run(Path vault, Path keyFile, Path dump) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HeapDumpChild.class.getName(),
                vault.toString(),
                keyFile.toString(),
                dump.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(said).isZero();
  }
}
