package parley.keys.gba.naf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.gba.naf.ServerNonces.Count;
import parley.keys.gba.naf.ServerNonces.Standing;

/// Nonces of a Digest server; row 20 of the threats.
class ServerNoncesTest {
  private final FakeClock clock = new FakeClock(Instant.parse("2026-11-23T12:00:00Z"));
  private final ServerNonces nonces = new ServerNonces(clock, Secrets.RANDOM);

  @Test
  void areOfOneConnectionAndOneTime() {
    String nonce = nonces.fresh(7);
    assertThat(nonces.standing(nonce, 7)).isEqualTo(Standing.GOOD);
    assertThat(nonces.standing(nonce, 8)).isEqualTo(Standing.UNKNOWN);
    assertThat(nonces.fresh(7)).isNotEqualTo(nonce);
    clock.pass(ServerNonces.LIFETIME.minusMillis(1));
    assertThat(nonces.standing(nonce, 7)).isEqualTo(Standing.GOOD);
    clock.pass(Duration.ofMillis(1));
    assertThat(nonces.standing(nonce, 7)).isEqualTo(Standing.STALE);
    assertThat(nonces.standing(nonce, 8)).isEqualTo(Standing.UNKNOWN);
  }

  @Test
  void areOfThisServer() {
    var other = new ServerNonces(clock, Secrets.RANDOM);
    assertThat(nonces.standing(other.fresh(7), 7)).isEqualTo(Standing.UNKNOWN);
    String nonce = nonces.fresh(7);
    for (int at = 0; at < nonce.length(); at++) {
      var changed = new StringBuilder(nonce);
      changed.setCharAt(at, nonce.charAt(at) == 'A' ? 'B' : 'A');
      assertThat(nonces.standing(changed.toString(), 7)).isEqualTo(Standing.UNKNOWN);
    }
    for (String text : new String[] {"", "x", nonce + "A", "!".repeat(44)}) {
      assertThat(nonces.standing(text, 7)).isEqualTo(Standing.UNKNOWN);
    }
  }

  @Test
  void countUpwards() {
    String nonce = nonces.fresh(7);
    assertThat(nonces.isSeen(nonce, 1)).isFalse();
    assertThat(nonces.count(nonce, 1)).isEqualTo(Count.NEXT);
    assertThat(nonces.count(nonce, 1)).isEqualTo(Count.SEEN);
    assertThat(nonces.isSeen(nonce, 1)).isTrue();
    assertThat(nonces.count(nonce, 9)).isEqualTo(Count.NEXT);
    assertThat(nonces.count(nonce, 8)).isEqualTo(Count.SEEN);
    assertThat(nonces.count(nonce, 10)).isEqualTo(Count.NEXT);
  }

  /// No room is made by forgetting a nonce that is still good: its requests could be copied.
  @Test
  void refuseWhenTheyAreTooMany() {
    for (int i = 0; i < ServerNonces.MOST_USED; i++) {
      assertThat(nonces.count(nonces.fresh(7), 1)).isEqualTo(Count.NEXT);
    }
    assertThat(nonces.count(nonces.fresh(7), 1)).isEqualTo(Count.FULL);
    clock.pass(ServerNonces.LIFETIME);
    assertThat(nonces.count(nonces.fresh(7), 1)).isEqualTo(Count.NEXT);
  }
}
