package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.group.Fixture.GROUP;
import static parley.mikey.group.Fixture.NOW;
import static parley.mikey.group.Fixture.T;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

class GmkBookTest {
  private static final String KEY = "101112131415161718191a1b1c1d1e1f";
  private static final String OTHER_KEY = "ff1112131415161718191a1b1c1d1e1f";
  private static final NtpTimestamp LATER = Fixture.after(Duration.ofHours(1));
  private static final Instant TOMORROW = NOW.plus(Duration.ofDays(1));

  private final GmkBook book = new GmkBook();

  private static GroupMasterKey gmk(int id, String key, NtpTimestamp issued, Instant activation) {
    return GroupMasterKey.of(
        GROUP, id, Fixture.secret(key), issued, activation, Instant.MAX, false);
  }

  @Test
  void sendsUnderTheHighestTimeWhosePeriodIsOpen() {
    book.add(gmk(1, KEY, T, Instant.EPOCH));
    book.add(gmk(2, OTHER_KEY, LATER, TOMORROW));
    assertThat(book.current(GROUP, NOW)).map(GroupMasterKey::gmkId).contains(1);
    assertThat(book.current(GROUP, TOMORROW)).map(GroupMasterKey::gmkId).contains(2);
    assertThat(book.all(GROUP)).extracting(GroupMasterKey::gmkId).containsExactly(2, 1);
    assertThat(book.find(GROUP, 1)).isPresent();
  }

  @Test
  void anOlderTimeNeverBecomesCurrent() {
    book.add(gmk(2, OTHER_KEY, LATER, Instant.EPOCH));
    book.add(gmk(1, KEY, T, Instant.EPOCH));
    assertThat(book.current(GROUP, TOMORROW)).map(GroupMasterKey::gmkId).contains(2);
  }

  @Test
  void refusesOtherOctetsUnderAKnownId() {
    assertThat(book.add(gmk(1, KEY, T, Instant.EPOCH))).isEqualTo(GmkBook.Addition.NEW);
    assertThat(book.add(gmk(1, OTHER_KEY, LATER, Instant.EPOCH)))
        .isEqualTo(GmkBook.Addition.COLLISION);
    assertThat(book.find(GROUP, 1)).map(GroupMasterKey::issued).contains(T);
  }

  @Test
  void theSameIdInAnotherGroupIsAnotherKey() {
    book.add(gmk(1, KEY, T, Instant.EPOCH));
    var elsewhere = new Identity("sip:elsewhere@example.org");
    assertThat(book.find(elsewhere, 1)).isEmpty();
    assertThat(book.add(Fixture.gmk(elsewhere, 1, T))).isEqualTo(GmkBook.Addition.NEW);
  }

  @Test
  void aNewerMessageRenewsTheKeyAndAnOlderOneDoesNot() {
    book.add(gmk(1, KEY, T, Instant.EPOCH));
    assertThat(book.add(gmk(1, KEY, T, TOMORROW))).isEqualTo(GmkBook.Addition.UNCHANGED);
    assertThat(book.find(GROUP, 1)).map(GroupMasterKey::activation).contains(Instant.EPOCH);
    assertThat(book.add(gmk(1, KEY, LATER, TOMORROW))).isEqualTo(GmkBook.Addition.RENEWED);
    assertThat(book.find(GROUP, 1)).map(GroupMasterKey::activation).contains(TOMORROW);
    assertThat(book.all(GROUP)).hasSize(1);
  }

  @Test
  void aRevokedKeyIsNeverCurrent() {
    book.add(GroupMasterKey.of(GROUP, 1, Fixture.secret(KEY), T, Instant.EPOCH, Instant.MAX, true));
    assertThat(book.current(GROUP, NOW)).isEmpty();
  }

  @Test
  void closingZeroesEveryKeyItEverHeld() {
    GroupMasterKey first = gmk(1, KEY, T, Instant.EPOCH);
    GroupMasterKey second = gmk(1, KEY, LATER, Instant.EPOCH);
    book.add(first);
    book.add(second);
    assertThat(first.key().isClosed()).isFalse();
    book.close();
    assertThat(first.key().isClosed()).isTrue();
    assertThat(second.key().isClosed()).isTrue();
    assertThat(book.all(GROUP)).isEmpty();
  }
}
