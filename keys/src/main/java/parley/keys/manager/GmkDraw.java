package parley.keys.manager;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.secret.SecretBytes;

/// Draws a GMK and its id at random, again until nothing collides.
///
/// The id's top nibble is 0 (TS 33.180, annex G) and no key that is still held has it. Under TS
/// 33.180 each member's salt also separates its media keys, so two members with equal salts, which
/// happens to one group of a thousand in five hundred draws, cost a new key there; under RFC 6509
/// nothing hangs on it.
final class GmkDraw {
  private static final int MOST_DRAWS = 1000;
  private static final int ID_BITS = 0x0fffffff;

  private final SecureRandom random;
  private final UserIdFormat format;

  GmkDraw(SecureRandom random, UserIdFormat format) {
    this.random = random;
    this.format = format;
  }

  GroupMasterKey draw(
      Identity group,
      NtpTimestamp t,
      Instant activation,
      Instant expiry,
      Collection<GroupMasterKey> held,
      List<Identity> ues) {
    for (int draws = 0; draws < MOST_DRAWS; draws++) {
      int gmkId = random.nextInt() & ID_BITS;
      if (held.stream().anyMatch(gmk -> gmk.gmkId() == gmkId)) {
        continue;
      }
      SecretBytes key = SecretBytes.random(GroupMasterKey.KEY_OCTETS, random, "GMK");
      GroupMasterKey gmk = GroupMasterKey.of(group, gmkId, key, t, activation, expiry, false);
      if (isGood(gmk, ues)) {
        return gmk;
      }
      gmk.close();
    }
    throw new IllegalStateException("the random source gives the same octets again and again");
  }

  /// Whether no two of `ues` would have the same salt under `gmk`, where that matters.
  boolean isGood(GroupMasterKey gmk, List<Identity> ues) {
    return format == UserIdFormat.RFC_6509 || areSaltsDistinct(gmk, ues);
  }

  private static boolean areSaltsDistinct(GroupMasterKey gmk, List<Identity> ues) {
    Set<Integer> salts = new HashSet<>();
    return ues.stream().allMatch(ue -> salts.add(gmk.userSalt(ue)));
  }
}
