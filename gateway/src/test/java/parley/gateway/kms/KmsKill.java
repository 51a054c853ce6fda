package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import parley.gateway.system.ParleyProcess;
import parley.keys.FreePort;
import parley.keys.audit.AuditLine;
import parley.keys.audit.AuditReader;
import parley.keys.audit.AuditReport;

/// A KMS is killed at random moments while UEs enrol and renew, and started again: every key set is
/// the same again, transport keys stay good, tickets stay spent, all that was given was noted, and
/// the audit log is whole.
final class KmsKill {
  private static final int LONGEST_MILLIS = 1000;
  private static final int SOME = 20;

  private final KmsRig rig;
  private final long seed = System.nanoTime();

  KmsKill(Path folder) throws Exception {
    this.rig = new KmsRig(folder);
  }

  void run(int kills) throws Exception {
    int port = FreePort.tcp();
    Path yaml = rig.configure("kms", port, KmsRig.WIDE);
    var random = new Random(seed);
    try (KmsTables tables = rig.tables(yaml)) {
      ParleyProcess process = KmsRig.process(yaml);
      try (var clients = new KmsClients(rig, tables.registry(), List.of(KmsRig.address(port)))) {
        clients.start();
        for (int kill = 0; kill < kills; kill++) {
          clients.awaitAnswered(clients.answered() + SOME);
          TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_MILLIS));
          process.kill();
          process.close();
          process = KmsRig.process(yaml);
        }
        clients.awaitAnswered(clients.answered() + SOME);
        List<KmsClients.Enrolled> held = clients.enrolled();
        assertThat(held).isNotEmpty();
        assertThat(clients.failures()).as("a kill was seen, seed %d", seed).isPositive();
        clients.requireKept(KmsRig.address(port));
        process.signal("TERM");
        assertThat(process.awaitEnd()).isZero();
        requireNoted(held, List.of(rig.file("kms.audit")), seed);
      } finally {
        process.close();
      }
    }
  }

  /// @param logs one of each instance
  static void requireNoted(List<KmsClients.Enrolled> held, List<Path> logs, long seed)
      throws IOException {
    Set<String> noted = new HashSet<>();
    for (Path log : logs) {
      AuditReport report = AuditReader.read(files(log));
      assertThat(report.damages()).as("seed %d", seed).isEmpty();
      for (AuditLine line : report.lines()) {
        if (line.outcome().equals("given")) {
          noted.add(line.target());
        }
      }
    }
    for (KmsClients.Enrolled device : held) {
      assertThat(noted).as("seed %d", seed).containsAll(device.issues());
    }
  }

  private static List<Path> files(Path log) throws IOException {
    try (Stream<Path> files = Files.list(log.toAbsolutePath().getParent())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(log.getFileName().toString()))
          .toList();
    }
  }
}
