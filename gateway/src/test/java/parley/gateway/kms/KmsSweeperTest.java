package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FreePort;
import parley.keys.audit.AuditLog;
import parley.keys.kms.registry.KmsRegistry;

/// What has expired does not stay in the tables.
class KmsSweeperTest {
  @TempDir Path folder;

  @Test
  void takesOutWhatHasExpiredAndNothingElse() throws Exception {
    var rig = new KmsRig(folder);
    Path yaml = rig.configure("kms", FreePort.tcp(), "");
    try (KmsTables tables = rig.tables(yaml);
        AuditLog audit = AuditLog.open(rig.file("kms.audit"), InstantSource.system());
        var sweeper = new KmsSweeper(tables.registry(), audit)) {
      KmsRegistry registry = tables.registry();
      registry.users().add(KmsRig.ALICE, null);
      registry.tickets().make(KmsRig.ALICE, "lost", Duration.ZERO).close();
      registry
          .pending()
          .leave(KmsRig.ALICE, KmsRig.ALICE, new byte[1], Instant.now().minusSeconds(1));
      try (var good = registry.tickets().make(KmsRig.ALICE, KmsRig.PHONE, Duration.ofDays(1))) {
        sweeper.sweep();
        assertThat(registry.tickets().clear()).isZero();
        assertThat(registry.pending().clear()).isZero();
        try (var holder = registry.tickets().holder(good.bearer()).orElseThrow()) {
          assertThat(holder.device()).isEqualTo(KmsRig.PHONE);
        }
      }
    }
  }
}
