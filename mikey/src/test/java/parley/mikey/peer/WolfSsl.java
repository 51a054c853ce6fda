package parley.mikey.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;

/// wolfSSL in a process of its own: `src/test/c/wolfssl-peer.c`, compiled here.
final class WolfSsl implements AutoCloseable {
  private static final HexFormat HEX = HexFormat.of();
  private static final Path SOURCE = Path.of("src/test/c/wolfssl-peer.c");

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private WolfSsl(Process process) {
    this.process = process;
    this.requests = process.outputWriter(StandardCharsets.US_ASCII);
    this.answers = process.inputReader(StandardCharsets.US_ASCII);
  }

  /// Where there is no compiler or no wolfSSL the test is skipped with a line that says so; with
  /// `CI=true` in the environment it fails.
  static WolfSsl start(Path folder) throws Exception {
    Path program = folder.resolve("wolfssl-peer");
    if (!compiles("int main(void) { return 0; }", folder)) {
      skip("gcc is not installed");
    } else if (!compiles(
        "#include <wolfssl/options.h>\n#include <wolfssl/wolfcrypt/sakke.h>\n"
            + "int main(void) { return sizeof(SakkeKey) == 0; }",
        folder)) {
      skip("libwolfssl-dev is not installed");
    }
    compile(SOURCE.toString(), program);
    return new WolfSsl(
        new ProcessBuilder(program.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  private static boolean compiles(String source, Path folder) throws Exception {
    Path probe = Files.writeString(folder.resolve("probe.c"), source);
    try {
      return cc(probe.toString(), folder.resolve("probe")).waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  private static void compile(String source, Path program) throws Exception {
    Process cc = cc(source, program);
    String said = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(cc.waitFor()).as(said).isZero();
  }

  private static Process cc(String source, Path program) throws IOException {
    return new ProcessBuilder(
            "cc",
            "-std=c11",
            "-Wall",
            "-Werror",
            "-O1",
            "-o",
            program.toString(),
            source,
            "-lwolfssl")
        .redirectErrorStream(true)
        .start();
  }

  private static void skip(String why) {
    String message = "SKIPPED: " + why;
    System.err.println(message);
    assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
    Assumptions.abort(message);
  }

  /// The answer in octets.
  byte[] ask(String verb, byte[]... values) throws IOException {
    String answer = line(verb, values);
    assertThat(answer).as(verb).doesNotStartWith("error");
    return HEX.parseHex(answer);
  }

  boolean agrees(String verb, byte[]... values) throws IOException {
    return line(verb, values).equals("yes");
  }

  private String line(String verb, byte[]... values) throws IOException {
    StringBuilder request = new StringBuilder(verb);
    for (byte[] value : values) {
      request.append(' ').append(value.length == 0 ? "-" : HEX.formatHex(value));
    }
    requests.write(request.append('\n').toString());
    requests.flush();
    String answer = answers.readLine();
    assertThat(answer).as("wolfSSL's answer to %s", verb).isNotNull();
    return answer;
  }

  @Override
  public void close() throws IOException {
    requests.close();
    assertThat(answers.readLine()).isNull();
    process.destroy();
  }
}
