package parley.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayProcessTest {
  @TempDir Path folder;

  @BeforeEach
  void options() throws Exception {
    Files.writeString(folder.resolve("common.jvm"), "# for all\n--enable-native-access=x\n");
    Files.writeString(folder.resolve("service.jvm"), "-XX:+UseZGC\n-XX:-UseNUMA\n-Xmx512m\n");
  }

  @Test
  void takesTheOptionsOfTheServiceAndMore() throws Exception {
    assertThat(new GatewayProcess(folder, List.of("-Xlog:gc")).jvmOptions())
        .containsExactly(
            "--enable-native-access=x",
            "-XX:+UseZGC",
            "-XX:-UseNUMA",
            "-Xmx512m",
            "-XX:-DisableAttachMechanism",
            "-Xlog:gc");
  }

  @Test
  void anotherCollectorTakesThePlaceOfTheServices() throws Exception {
    for (Collector other : Collector.values()) {
      List<String> options = new GatewayProcess(folder, other.options()).jvmOptions();
      assertThat(options).filteredOn(option -> option.endsWith("GC")).hasSize(1);
      assertThat(options).containsAll(other.options()).contains("-XX:-UseNUMA", "-Xmx512m");
    }
  }
}
