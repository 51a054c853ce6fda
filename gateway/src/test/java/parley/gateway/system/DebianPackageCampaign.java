package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.record.Tools;

/// The Debian package, built from what this build has packaged, and its test: some two minutes.
class DebianPackageCampaign {
  private static final Path DEPLOY = Path.of("..", "deploy").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void isInstalledRunUpgradedRemovedAndPurged() throws Exception {
    String built =
        Tools.run(
            DEPLOY.resolve("build-deb.sh").toString(), "--no-build", "--out", folder.toString());
    String file = built.lines().reduce("", (_, line) -> line);

    String tested = Tools.run(DEPLOY.resolve("test-deb.sh").toString(), file);

    tested
        .lines()
        .filter(line -> line.contains("SKIPPED"))
        .findFirst()
        .ifPresent(why -> {
          System.err.println(why);
          Assumptions.abort(why);
        });
    assertThat(tested.strip()).endsWith("OK");
  }
}
