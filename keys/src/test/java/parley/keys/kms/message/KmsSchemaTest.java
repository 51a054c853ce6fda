package parley.keys.kms.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything that we write is valid by the schema that was written from the standard's facts, in
/// the eyes of `xmllint`. Where it is not installed (Debian: `libxml2-utils`) the test is skipped
/// with a line that says so; with `CI=true` in the environment it fails.
class KmsSchemaTest {
  @TempDir Path directory;

  @BeforeEach
  void requireXmllint() throws Exception {
    try {
      assertThat(new ProcessBuilder("xmllint", "--version").start().waitFor()).isZero();
    } catch (IOException e) {
      String message = "SKIPPED: xmllint is not installed (Debian: libxml2-utils)";
      System.err.println(message);
      assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
      Assumptions.abort(message);
    }
    for (String name : List.of("kms", "parley-kms", "xmldsig", "xenc")) {
      try (var in = KmsResponse.class.getResourceAsStream(name + ".xsd")) {
        Files.write(directory.resolve(name + ".xsd"), Objects.requireNonNull(in).readAllBytes());
      }
    }
  }

  @Test
  void holdsForEveryMessage() throws Exception {
    List<byte[]> all = MessageSamples.all();
    List<String> files = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      files.add(Files.write(directory.resolve(i + ".xml"), all.get(i)).toString());
    }
    assertThat(all).hasSize(17);
    assertThat(validates(files)).isEmpty();
  }

  @Test
  void doesNotHoldForAnything() throws Exception {
    String good = new String(MessageSamples.request().write(), UTF_8);
    for (String bad :
        List.of(
            good.replace("UserUri", "UserUrl"),
            good.replace("Version=\"1.1.0\"", ""),
            good.replace("<Time>", "<Time>soon"))) {
      Path file = Files.writeString(directory.resolve("bad.xml"), bad);
      assertThat(validates(List.of(file.toString()))).contains("fails to validate");
    }
  }

  private String validates(List<String> files) throws Exception {
    List<String> command = new ArrayList<>(List.of("xmllint", "--nonet", "--noout", "--schema"));
    command.add(directory.resolve("kms.xsd").toString());
    command.addAll(files);
    Process xmllint = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(xmllint.getInputStream().readAllBytes(), UTF_8);
    int status = xmllint.waitFor();
    return status == 0 ? "" : said;
  }
}
