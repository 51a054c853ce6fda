package parley.keys.manager;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.VaultEdit;
import parley.keys.vault.VaultException;
import parley.mikey.identity.NtpTimestamp;

/// The signed list of a group's members, made when it is asked for and kept until it is a day old,
/// its key period is over, or the list has changed. Guarded by its [GroupManager].
///
/// The version outlives the group: a group that is dissolved and made again goes on where it was.
final class MemberListSigner {
  /// How long a list is in force.
  static final Duration VALID = Duration.ofDays(7);

  /// Of a vault from before there were signed lists.
  private static final NtpTimestamp NONE = new NtpTimestamp(Long.MIN_VALUE);

  private static final Duration FRESH = Duration.ofDays(1);

  private final GroupStore store;
  private final Member signer;
  private final InstantSource clock;
  private final SecureRandom random;
  private NtpTimestamp version;
  private @Nullable UnverifiedMemberList made;

  MemberListSigner(GroupStore store, Member signer, InstantSource clock, SecureRandom random) {
    this.store = store;
    this.signer = signer;
    this.clock = clock;
    this.random = random;
    this.version = store.listVersion().orElse(NONE);
  }

  /// Notes in `edit` that the list changes now; the version that [#changed] takes.
  NtpTimestamp change(VaultEdit edit) {
    NtpTimestamp next = NtpTimestamp.of(clock.instant()).after(version);
    store.putListVersion(edit, next);
    return next;
  }

  /// The same in memory, when the edit is on the disk.
  void changed(NtpTimestamp next) {
    version = next;
    made = null;
  }

  /// @throws KeysMissing if the signer has no keys of the present period
  UnverifiedMemberList sign(MemberList members) throws VaultException, KeysMissing {
    if (version.equals(NONE)) {
      begin();
    }
    Instant now = clock.instant();
    UnverifiedMemberList known = made;
    if (known != null && isFresh(known, now)) {
      return known;
    }
    // a clock that was set back makes nothing that is older than the change
    NtpTimestamp present = NtpTimestamp.of(now);
    NtpTimestamp t = present.compareTo(version) > 0 ? present : version;
    UnverifiedMemberList signed =
        UnverifiedMemberList.seal(
            store.group(),
            version,
            t,
            t.toInstant().plus(VALID),
            members,
            signer.signer(t),
            random);
    made = signed;
    return signed;
  }

  private boolean isFresh(UnverifiedMemberList known, Instant now) {
    Instant t = known.timestamp().toInstant();
    return !now.isBefore(t)
        && now.isBefore(t.plus(FRESH))
        && signer.homeKms().periodAt(t).contains(now);
  }

  private void begin() throws VaultException {
    try (VaultEdit edit = store.edit()) {
      NtpTimestamp first = change(edit);
      edit.commit();
      changed(first);
    }
  }
}
