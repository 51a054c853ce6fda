package parley.gateway.keying;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parley.mikey.group.GroupMasterKey;

/// Knows since when the current GMK of a group is current, and so when keys under older ones die.
///
/// An excluded member still holds the older GMK; after the grace time neither its running bursts
/// nor new announcements under that GMK are heard (wire profile, section 2). After a restart the
/// grace counts from the start. Confined to the group's loop.
final class GmkWatch {
  private final Supplier<Optional<GroupMasterKey>> sending;
  private Duration grace;
  private @Nullable GroupMasterKey current;
  private Instant since = Instant.MIN;

  /// `sending` answers with the GMK that a member would send under now.
  GmkWatch(Supplier<Optional<GroupMasterKey>> sending, Duration grace) {
    this.sending = sending;
    this.grace = grace;
  }

  /// Looks again; true when another GMK became current.
  boolean look(Instant now) {
    GroupMasterKey found = sending.get().orElse(null);
    if (found == null || (current != null && current.gmkId() == found.gmkId())) {
      return false;
    }
    current = found;
    since = now;
    return true;
  }

  void grace(Duration wanted) {
    grace = wanted;
  }

  @Nullable GroupMasterKey current() {
    return current;
  }

  boolean isOlder(GroupMasterKey gmk) {
    return current != null && gmk.issued().compareTo(current.issued()) < 0;
  }

  boolean isBeyondGrace(GroupMasterKey gmk, Instant now) {
    return isOlder(gmk) && now.isAfter(since.plus(grace));
  }
}
