package parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import parley.srtp.CipherEngines;

/// What a figure must not be read without: hardware and versions.
public record Machine(Map<String, String> facts) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  public static Machine here(Instant now) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("time", now.toString());
    facts.put("cpu", cpu() + ", " + Runtime.getRuntime().availableProcessors() + " usable");
    facts.put(
        "system", property("os.name") + " " + property("os.version") + " " + property("os.arch"));
    facts.put("java", Runtime.version() + " (" + property("java.vm.vendor") + ")");
    facts.put("engine", CipherEngines.select("auto").name());
    return new Machine(facts);
  }

  private static String cpu() {
    try (var lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("unknown processor");
    } catch (IOException _) {
      return "unknown processor";
    }
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }
}
