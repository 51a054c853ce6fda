package parley.mikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Jazzer's own program on [ParserTarget] until `-Dfuzz.executions=N` executions (a million if it
/// is not said) are done; from the seeds on, and from the corpus that the last run left in
/// `target/fuzz-corpus`.
///
/// Runs by its name and with `-Pfuzz` only, which brings Jazzer: see CONTRIBUTING.md. The log, with
/// the rate, is `target/fuzz-campaign.log`.
class ParserCampaign {
  private static final long EXECUTIONS = Long.getLong("fuzz.executions", 1_000_000);
  private static final Path CORPUS = Path.of("target/fuzz-corpus");
  private static final Path FINDINGS = Path.of("target/fuzz-findings");
  private static final Path LOG = Path.of("target/fuzz-campaign.log");
  private static final Path KEPT =
      Path.of("src/test/resources/parley/mikey/ParserFuzzInputs/isReadOrRefused");

  @Test
  void findsNothingInThatManyExecutions() throws Exception {
    Files.createDirectories(CORPUS);
    Files.createDirectories(FINDINGS);
    int seed = 0;
    for (byte[] octets : Seeds.all().toList()) {
      Files.write(CORPUS.resolve("seed-" + seed++), octets);
    }
    Process jazzer =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+EnableDynamicAgentLoading",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    "com.code_intelligence.jazzer.Jazzer",
                    "--target_class=" + ParserTarget.class.getName(),
                    "--instrumentation_includes=parley.mikey.message.**:parley.mikey.group.**",
                    "--reproducer_path=" + FINDINGS,
                    "-artifact_prefix=" + FINDINGS + "/",
                    "-runs=" + EXECUTIONS,
                    "-max_len=4200",
                    "-rss_limit_mb=0",
                    "-print_final_stats=1",
                    CORPUS.toString(),
                    KEPT.toString()))
            .redirectErrorStream(true)
            .redirectOutput(LOG.toFile())
            .start();
    try {
      assertThat(jazzer.waitFor()).as("see %s", LOG.toAbsolutePath()).isZero();
    } finally {
      jazzer.destroy();
    }
    assertThat(Files.readString(LOG)).contains("stat::number_of_executed_units: ");
    try (var findings = Files.list(FINDINGS)) {
      assertThat(findings).isEmpty();
    }
  }
}
