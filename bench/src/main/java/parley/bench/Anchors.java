package parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /// A program in C, and the library it measures.
  private record Anchor(String name, String source, String library) {}

  private static final List<Anchor> ANCHORS =
      List.of(
          new Anchor("libsrtp2 of Debian (NSS)", "anchor_libsrtp.c", "-lsrtp2"),
          new Anchor("OpenSSL EVP in C", "anchor_evp.c", "-lcrypto"));

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
      for (Anchor anchor : ANCHORS) {
        Optional<CProgram> program =
            CProgram.compile(sources.resolve(anchor.source), folder, anchor.library);
        if (program.isPresent()) {
          measure(anchor.name, program.get(), rows, profiles, payloads, streams);
        }
      }
      return rows;
    } finally {
      CProgram.delete(folder);
    }
  }

  private static void measure(
      String name,
      CProgram program,
      List<SrtpRow> rows,
      List<String> profiles,
      List<Integer> payloads,
      List<Integer> streams)
      throws IOException, InterruptedException {
    for (String profile : profiles) {
      for (int payload : payloads) {
        for (int s : streams) {
          rows.addAll(rows(name, program, profile, payload, s));
        }
      }
    }
  }

  private static List<SrtpRow> rows(
      String name, CProgram program, String profile, int payload, int streams)
      throws IOException, InterruptedException {
    List<String> lines =
        program.lines(
            PROFILES.getOrDefault(profile, "cm"),
            String.valueOf(payload),
            String.valueOf(streams),
            String.valueOf(ROUNDS + 1));
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
