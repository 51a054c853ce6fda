package parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.GatewayConfig;

/// Each kernel setting that is too small or too strict is said once, with the command.
class NetworkAdviceTest {
  @TempDir Path folder;
  private Path settings;

  @BeforeEach
  void goodHost() throws Exception {
    settings = folder.resolve("sys");
    set("net/core/rmem_max", "4194304");
    set("net/core/wmem_max", "4194304");
    set("net/ipv4/igmp_max_memberships", "20");
    set("net/ipv4/conf/all/rp_filter", "0");
    set("net/ipv4/conf/lo/rp_filter", "2");
    set("net/ipv6/conf/lo/disable_ipv6", "0");
  }

  private void set(String name, String value) throws Exception {
    Path file = settings.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value + "\n");
  }

  private List<String> advice(long descriptors) throws Exception {
    return NetworkAdvice.of(config(), settings, descriptors);
  }

  private GatewayConfig config() throws Exception {
    return config("");
  }

  /// @param more of the group
  private GatewayConfig config(String more) throws Exception {
    Files.writeString(folder.resolve("key"), "x".repeat(32));
    Path file =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            """
            identity: sip:gpe1@example.org
            vault: {file: gateway.vault, key-file: key}
            groups:
              - id: sip:fire@example.org
                listen:
                  - {multicast: 239.10.0.1:5004, interface: lo}
                  - {multicast: "[ff08::1]:5004", interface: lo}
                  - {unicast: "127.0.0.1:5004"}
                %s
                relay:
                  - {multicast: 239.20.0.1:5004, interface: later0, wait: true, dscp: AF41}
            """
                .formatted(more));
    Files.writeString(folder.resolve("gateway.vault"), "");
    return ConfigFile.read(file);
  }

  @Test
  void aGoodHostNeedsNoneButForWhatIsAwaited() throws Exception {
    assertThat(advice(65_536))
        .containsExactly(
            "interface later0 is not there now; its legs wait for it (ip link shows what there is)");
  }

  @Test
  void everySettingIsSaidWithItsCommand() throws Exception {
    set("net/core/rmem_max", "212992");
    set("net/core/wmem_max", "212992");
    set("net/ipv4/igmp_max_memberships", "0");
    set("net/ipv4/conf/lo/rp_filter", "1");
    set("net/ipv6/conf/lo/disable_ipv6", "1");
    assertThat(advice(64))
        .satisfiesExactly(
            a -> assertThat(a).contains("212992").endsWith("sysctl -w net.core.rmem_max=4194304"),
            a -> assertThat(a).endsWith("sysctl -w net.core.wmem_max=4194304"),
            a -> assertThat(a).endsWith("sysctl -w net.ipv4.igmp_max_memberships=20"),
            a -> assertThat(a).endsWith("sysctl -w net.ipv4.conf.lo.rp_filter=2"),
            a -> assertThat(a).endsWith("sysctl -w net.ipv6.conf.lo.disable_ipv6=0"),
            a -> assertThat(a).contains("may open 64", "LimitNOFILE="),
            a -> assertThat(a).contains("later0"));
  }

  @Test
  void receiversThatVanishMustNotFillASendBuffer() throws Exception {
    GatewayConfig joined = config("receivers: {max: 40}");
    for (String family : List.of("ipv4", "ipv6")) {
      String name = "net/%s/neigh/default/unres_qlen_bytes".formatted(family);
      set(name, "212992");
      assertThat(NetworkAdvice.of(joined, settings, 65_536))
          .filteredOn(line -> line.contains("net.%s.neigh".formatted(family)))
          .singleElement()
          .satisfies(line ->
              assertThat(line)
                  .contains("is 212992: 40 receivers that vanish")
                  .contains("sysctl -w net.%s.neigh.default".formatted(family)));
      assertThat(advice(65_536)).as("no receivers").hasSize(1);
      set(name, "16384");
    }
    assertThat(NetworkAdvice.of(joined, settings, 65_536)).hasSize(1);
  }

  @Test
  void aSocketOfTheBatchPathIsTwoDescriptors() throws Exception {
    assertThat(advice(256 + 7)).anyMatch(line -> line.contains("may need 264"));
    assertThat(advice(256 + 8)).noneMatch(line -> line.contains("may need"));
  }

  /// A file of the kernel gives its number to the first read alone.
  @Test
  void theSettingsOfThisHostAreReadWhole() throws Exception {
    Process cat = new ProcessBuilder("cat", "/proc/sys/net/core/rmem_max").start();
    String text = new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assumeFalse(text.isBlank(), "not Linux");
    List<String> advice = NetworkAdvice.of(config());
    if (Long.parseLong(text.strip()) < 4_194_304) {
      assertThat(advice.getFirst()).startsWith("net.core.rmem_max is " + text.strip() + ",");
    } else {
      assertThat(advice).noneMatch(line -> line.contains("rmem_max"));
    }
  }

  @Test
  void aSystemWithoutTheseSettingsGetsNoAdvice() throws Exception {
    assertThat(NetworkAdvice.of(config(), folder.resolve("nowhere"), 65_536)).hasSize(1);
  }
}
