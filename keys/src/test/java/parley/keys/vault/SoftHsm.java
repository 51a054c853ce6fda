package parley.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// SoftHSM2 with two tokens of the PIN 1234, for the whole of this JVM: a PKCS#11 module reads its
/// configuration and lists its slots once.
final class SoftHsm {
  static final String PIN = "1234";
  private static final Path MODULE = Path.of("/usr/lib/softhsm/libsofthsm2.so");

  private static List<String> slots = List.of();

  private SoftHsm() {}

  /// The module, or a skipped test where the package is missing, unless CI runs it.
  static synchronized Path module() throws Exception {
    if (!Files.exists(MODULE) || !Files.exists(Path.of("/usr/bin/softhsm2-util"))) {
      String message = "SKIPPED: the Debian package softhsm2 is not installed";
      System.err.println(message);
      assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
      Assumptions.abort(message);
    }
    if (slots.isEmpty()) {
      prepare();
    }
    return MODULE;
  }

  private static void prepare() throws Exception {
    Path home = Files.createTempDirectory("parley-softhsm");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(home)));
    Path tokens = Files.createDirectory(home.resolve("tokens"));
    Path configuration = home.resolve("softhsm2.conf");
    Files.writeString(
        configuration, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
    setEnvironment("SOFTHSM2_CONF", configuration.toString());
    for (String label : List.of("first", "second")) {
      util(
          configuration,
          "--init-token",
          "--free",
          "--label",
          label,
          "--pin",
          PIN,
          "--so-pin",
          "5678");
    }
    slots =
        util(configuration, "--show-slots")
            .lines()
            .filter(line -> line.contains("Label:"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .toList();
    assertThat(slots).contains("first", "second").hasSizeGreaterThan(2); // one is not initialised
  }

  private static void delete(Path home) {
    try (var files = Files.walk(home)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException _) {
      // the system cleans its temporary files
    }
  }

  private static String util(Path configuration, String... arguments)
      throws IOException, InterruptedException {
    var command = new java.util.ArrayList<>(List.of("/usr/bin/softhsm2-util"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SOFTHSM2_CONF", configuration.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /// For the module in this process, which asks the C library.
  private static void setEnvironment(String name, String value) {
    Linker linker = Linker.nativeLinker();
    var setenv =
        linker.downcallHandle(
            linker.defaultLookup().find("setenv").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int result = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      assertThat(result).isZero();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  static TokenSettings token(String label, String keyLabel) throws Exception {
    Path module = module();
    return new TokenSettings(module, slots.indexOf(label), keyLabel);
  }

  static VaultKey key(String label, String keyLabel) throws Exception {
    return VaultKey.token(token(label, keyLabel), PIN.toCharArray());
  }
}
