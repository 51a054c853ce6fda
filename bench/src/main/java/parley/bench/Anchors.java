package parley.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Programs in C that do the same work, compiled here where compiler and library are there: libsrtp
/// as Debian builds it (on NSS, which is slow), and OpenSSL's EVP interface.
final class Anchors {
  private static final int ROUNDS = 9;
  private static final Map<String, String> PROFILES =
      new LinkedHashMap<>(
          Map.of(
              "AEAD_AES_128_GCM", "gcm128",
              "AEAD_AES_256_GCM", "gcm256",
              "AES_CM_128_HMAC_SHA1_80", "cm"));

  private final Path sources;

  Anchors(Path benchFolder) {
    this.sources = benchFolder.resolve("src/main/c");
  }

  /// Rows of every program that could be compiled, for each of these workloads.
  List<SrtpRow> run(List<String> profiles, List<Integer> payloads, List<Integer> streams)
      throws IOException, InterruptedException {
    List<SrtpRow> rows = new ArrayList<>();
    Path folder = Files.createTempDirectory("parley-anchors");
    try {
      measure(
          "libsrtp2 of Debian (NSS)",
          compile(folder, "anchor_libsrtp", "-lsrtp2"),
          rows,
          profiles,
          payloads,
          streams);
      measure(
          "OpenSSL EVP in C",
          compile(folder, "anchor_evp", "-lcrypto"),
          rows,
          profiles,
          payloads,
          streams);
      return rows;
    } finally {
      for (String name : List.of("anchor_libsrtp", "anchor_evp")) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    }
  }

  private Path compile(Path folder, String name, String library)
      throws IOException, InterruptedException {
    Path program = folder.resolve(name);
    Path source = sources.resolve(name + ".c");
    List<String> command =
        List.of("cc", "-O3", "-march=native", "-o", program.toString(), source.toString(), library);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        System.err.println(
            "left out, " + name + " does not compile: " + said.lines().findFirst().orElse(""));
      }
    } catch (IOException e) {
      System.err.println("left out, no C compiler: " + e.getMessage());
    }
    return program;
  }

  private static void measure(
      String name,
      Path program,
      List<SrtpRow> rows,
      List<String> profiles,
      List<Integer> payloads,
      List<Integer> streams)
      throws IOException, InterruptedException {
    if (!Files.isExecutable(program)) {
      return;
    }
    for (String profile : profiles) {
      for (int payload : payloads) {
        for (int s : streams) {
          rows.addAll(rows(name, program, profile, payload, s));
        }
      }
    }
  }

  private static List<SrtpRow> rows(
      String name, Path program, String profile, int payload, int streams)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                program.toString(),
                PROFILES.getOrDefault(profile, "cm"),
                String.valueOf(payload),
                String.valueOf(streams),
                String.valueOf(ROUNDS + 1))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    if (process.waitFor() != 0) {
      throw new IOException(name + " ended with " + process.exitValue());
    }
    List<SrtpRow> rows = new ArrayList<>();
    for (String operation : List.of(SrtpGoals.PROTECT, SrtpGoals.UNPROTECT)) {
      DoubleSummaryStatistics times =
          lines.stream()
              .filter(line -> line.startsWith(operation + " "))
              .skip(1) // the first round warms up
              .mapToDouble(line -> Double.parseDouble(line.substring(operation.length() + 1)))
              .summaryStatistics();
      double spread = 50 * (times.getMax() - times.getMin()) / times.getAverage();
      rows.add(
          new SrtpRow(
              name, profile, payload, streams, operation, times.getAverage(), spread, Double.NaN));
    }
    return rows;
  }
}
