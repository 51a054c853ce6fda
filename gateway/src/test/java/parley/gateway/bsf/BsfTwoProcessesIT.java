package parley.gateway.bsf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.system.ParleyProcess;
import parley.keys.FreePort;
import parley.keys.gba.BootstrappedKey;
import parley.keys.store.PostgresServer;
import parley.keys.store.PostgresSettings;

/// Two BSFs on one PostgreSQL database, asked in turns; one is killed in the middle, and the other
/// knows every key.
class BsfTwoProcessesIT {
  private static final int SOME = 100;

  @TempDir Path folder;

  @Test
  void theOtherGoesOnWithEveryKey() throws Exception {
    try (PostgresServer postgres = PostgresServer.start()) {
      var rig = new BsfRig(folder);
      var _ = rig.sims(IntStream.range(0, BsfKill.UES).mapToObj(BsfClients::impi).toList());
      String store = store(postgres.database("bsf"));
      int ub = FreePort.tcp();
      int zn = FreePort.tcp();
      Path config = rig.configure("bsf", ub, zn, store);
      BsfKill.importSims(rig, config);
      Files.copy(rig.file("bsf.vault"), rig.file("second.vault"));
      int otherUb = FreePort.tcp();
      int otherZn = FreePort.tcp();
      Path otherConfig = rig.configure("second", otherUb, otherZn, store);
      try (ParleyProcess one = BsfKill.started(config);
          ParleyProcess other = BsfKill.started(otherConfig);
          var clients = new BsfClients(rig, List.of(BsfKill.url(ub), BsfKill.url(otherUb)))) {
        clients.start(BsfKill.UES);
        clients.awaitMade(2L * BsfKill.UES);
        one.kill();
        clients.awaitMade(clients.made() + SOME);
        Map<String, BootstrappedKey> held = clients.held();
        BsfKill.requireKnown(rig, otherZn, held);
        other.signal("TERM");
        assertThat(other.awaitEnd()).isZero();
        BsfKill.requireNoted(held, List.of(rig.file("bsf.audit"), rig.file("second.audit")), 0);
        BsfKill.requireNoSqnTwice(clients.taken(), 0);
      }
    }
  }

  private static String store(PostgresSettings settings) {
    return BsfKill.NO_LIMITS + BsfRig.postgres(settings);
  }
}
