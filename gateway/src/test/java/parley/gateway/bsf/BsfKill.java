package parley.gateway.bsf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import parley.gateway.cli.Run;
import parley.gateway.system.ParleyProcess;
import parley.keys.FreePort;
import parley.keys.audit.AuditLine;
import parley.keys.audit.AuditReader;
import parley.keys.audit.AuditReport;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.NafId;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.zn.HttpZnClient;
import parley.keys.gba.zn.NafKey;
import parley.mikey.secret.SecretBytes;

/// A BSF is killed at random moments while UEs bootstrap, and started again: no SQN is used twice,
/// every key that a UE holds is known and was noted, and the audit log is whole.
final class BsfKill {
  static final int UES = 200;
  static final String NO_LIMITS = "limits: {peer-burst: 100000, peer-per-second: 100000}\n";

  private static final NafId NAF = new NafId(BsfRig.KMS, UaProtocol.tls(0x1301));
  private static final int LONGEST_MILLIS = 1000;
  private static final int SOME = 20;

  private final BsfRig rig;
  private final long seed = System.nanoTime();

  BsfKill(Path folder) throws Exception {
    this.rig = new BsfRig(folder);
    var _ = rig.sims(IntStream.range(0, UES).mapToObj(BsfClients::impi).toList());
  }

  static void importSims(BsfRig rig, Path config) {
    Run run = Run.of("bsf", "import", "--config", config, rig.file("sims.csv"));
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  static ParleyProcess started(Path config) throws Exception {
    var process = new ParleyProcess(List.of(), "bsf", "run", "--config", config, "--log=plain");
    process.awaitSaying("BSF ready");
    return process;
  }

  void run(int kills) throws Exception {
    int ub = FreePort.tcp();
    int zn = FreePort.tcp();
    Path config = rig.configure("bsf", ub, zn, NO_LIMITS);
    importSims(rig, config);
    var random = new Random(seed);
    ParleyProcess process = started(config);
    try (BsfClients clients = new BsfClients(rig, List.of(BsfRig.url(ub)))) {
      clients.start(UES);
      for (int kill = 0; kill < kills; kill++) {
        clients.awaitMade(clients.made() + SOME);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_MILLIS));
        process.kill();
        process.close();
        process = started(config);
      }
      clients.awaitMade(clients.made() + SOME);
      Map<String, BootstrappedKey> held = clients.held();
      assertThat(clients.failed()).as("a kill was seen, seed %d", seed).isPositive();
      requireKnown(rig, zn, held);
      process.signal("TERM");
      assertThat(process.awaitEnd()).isZero();
      requireNoted(held, List.of(rig.file("bsf.audit")), seed);
      requireNoSqnTwice(clients.taken(), seed);
    } finally {
      process.close();
    }
  }

  static void requireKnown(BsfRig rig, int zn, Map<String, BootstrappedKey> held)
      throws IOException {
    assertThat(held).isNotEmpty();
    try (HttpZnClient naf =
        rig.zn(new InetSocketAddress(InetAddress.getLoopbackAddress(), zn), "kms")) {
      for (BootstrappedKey key : held.values()) {
        try (NafKey theirs = naf.nafKey(key.btid(), NAF).orElseThrow();
            SecretBytes ours = key.ksNaf(NAF)) {
          assertThat(theirs.key()).isEqualTo(ours);
        }
      }
    }
  }

  /// @param logs one of each instance
  static void requireNoted(Map<String, BootstrappedKey> held, List<Path> logs, long seed)
      throws IOException {
    Set<String> noted = new HashSet<>();
    for (Path log : logs) {
      AuditReport report = AuditReader.read(files(log));
      assertThat(report.damages()).as("seed %d", seed).isEmpty();
      for (AuditLine line : report.lines()) {
        assertThat(line.act()).as("an SQN came twice, seed %d", seed).isNotEqualTo("resynchronise");
        if (line.act().equals("bootstrap") && line.outcome().equals("done")) {
          noted.add(line.target());
        }
      }
    }
    Set<String> keys =
        held.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue().btid())
            .collect(Collectors.toSet());
    assertThat(noted).as("seed %d", seed).containsAll(keys);
  }

  private static List<Path> files(Path log) throws IOException {
    try (Stream<Path> files = Files.list(log.toAbsolutePath().getParent())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(log.getFileName().toString()))
          .toList();
    }
  }

  static void requireNoSqnTwice(Map<String, List<Long>> taken, long seed) {
    taken.forEach((impi, sqns) ->
        assertThat(new ArrayList<>(sqns)).as("%s, seed %d", impi, seed).doesNotHaveDuplicates());
  }

  static URI url(int port) {
    return BsfRig.url(port);
  }
}
