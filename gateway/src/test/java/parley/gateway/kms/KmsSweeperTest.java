package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FreePort;
import parley.keys.audit.AuditLog;
import parley.keys.kms.message.GroupEntry;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// What has expired does not stay in the tables.
class KmsSweeperTest {
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity POLICE = new Identity("sip:police@example.org");

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
      leave(registry, FIRE, Instant.now().minusSeconds(1));
      leave(registry, POLICE, Instant.now().plusSeconds(3600));
      try (var good = registry.tickets().make(KmsRig.ALICE, KmsRig.PHONE, Duration.ofDays(1))) {
        sweeper.sweep();
        assertThat(registry.tickets().clear()).isZero();
        assertThat(registry.pending().clear()).isZero();
        assertThat(registry.pending().waiting(KmsRig.ALICE, 2)).hasSize(1);
        try (var holder = registry.tickets().holder(good.bearer()).orElseThrow()) {
          assertThat(holder.device()).isEqualTo(KmsRig.PHONE);
        }
      }
    }
  }

  private static void leave(KmsRegistry registry, Identity group, Instant expires)
      throws StoreException {
    registry
        .groups()
        .put(
            new GroupEntry(group, group, "https://m/", KmsRig.URI),
            List.of(),
            List.of(KmsRig.ALICE));
    var _ =
        registry
            .pending()
            .leave(KmsRig.ALICE, group, NtpTimestamp.of(Instant.now()), new byte[1], expires);
  }
}
