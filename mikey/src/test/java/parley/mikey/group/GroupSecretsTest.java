package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.mikey.group.Fixture.T;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// No type of this package shows a key, and each closes what it owns.
class GroupSecretsTest {
  private static final List<String> SECRETS = List.of("10111213", "40414243", "e193bd32");

  @Test
  void nothingShowsAKey() throws Exception {
    try (var gmk = Fixture.gmk();
        var gsk = Fixture.gsk()) {
      var read = UnverifiedAnnouncement.read(Fixture.GOOD);
      for (Object shown :
          List.of(
              gmk,
              gsk,
              read,
              new Admission.Admitted(read, gmk),
              new VerifiedAnnouncement(read, gmk, Fixture.KMS, gsk),
              GmkOffer.of(Fixture.OTHER, gmk))) {
        assertThat(shown.toString()).doesNotContain(SECRETS);
      }
    }
  }

  @Test
  void closedKeysAreGone() throws Exception {
    GroupMasterKey gmk = Fixture.gmk();
    gmk.close();
    var read = UnverifiedAnnouncement.read(Fixture.GOOD);
    assertThatThrownBy(() -> read.isMacValid(gmk)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void keysAndIdsOfTheWrongKindAreRefused() {
    assertIllegalGmk(0x10000000, "00".repeat(16), Instant.MAX);
    assertIllegalGmk(1, "00".repeat(15), Instant.MAX);
    assertIllegalGmk(1, "00".repeat(16), Instant.EPOCH);
    assertThatThrownBy(() -> GroupSessionKey.of(1, Fixture.secret("00".repeat(16))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GroupSessionKey.of(0xf0000000, Fixture.secret("00".repeat(17))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertIllegalGmk(int id, String key, Instant expiry) {
    assertThatThrownBy(() ->
            GroupMasterKey.of(
                Fixture.GROUP, id, Fixture.secret(key), T, Instant.EPOCH, expiry, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
