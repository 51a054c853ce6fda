package parley.keys.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.group.GroupMasterKey;

/// When a group changes its GMK by itself.
///
/// ```
///  made  ahead  active                 every                  active
///   |<--------->|<------------------------------------------->|<---- overlap ---->| over
///                                       | next one made       |
/// ```
///
/// Each GMK is made and delivered `ahead` of the moment at which all change to it together, and
/// stays good for listening for `overlap` after the next one is active, so nobody is cut off in
/// mid-sentence. With `every` of zero only the first GMK of a group comes by itself; all others are
/// made on demand, and what had an end has ended then.
public record GmkPlan(Duration every, Duration ahead, Duration overlap) {
  private static final Duration LEAST = Duration.ofSeconds(1);

  /// No GMK is made by time.
  public static final GmkPlan ON_DEMAND = new GmkPlan(Duration.ZERO, Duration.ZERO, Duration.ZERO);

  public GmkPlan {
    boolean isPlan = every.isZero() || every.compareTo(LEAST) >= 0;
    if (!isPlan || ahead.isNegative() || overlap.isNegative()) {
      throw new IllegalArgumentException(
          "no plan: every " + every + ", ahead " + ahead + ", overlap " + overlap);
    }
    if (!every.isZero() && ahead.compareTo(every) >= 0) {
      throw new IllegalArgumentException(
          "a GMK cannot be made " + ahead + " ahead where each lasts " + every);
    }
  }

  /// The period of a GMK that is made for now: the first one, one on demand, one that excludes
  /// somebody.
  public GmkPeriod atOnce(Instant now) {
    return beginning(now);
  }

  private GmkPeriod beginning(Instant activation) {
    return every.isZero()
        ? GmkPeriod.from(activation)
        : new GmkPeriod(activation, activation.plus(every).plus(overlap));
  }

  /// The period of the GMK that has to be made now, if one has: there is none yet, or the time of
  /// `newest` is over or nearly so. After a long standstill the missed ones are not made up for.
  public Optional<GmkPeriod> due(@Nullable GroupMasterKey newest, Instant now) {
    if (newest == null) {
      return Optional.of(atOnce(now));
    }
    if (now.isBefore(nextLook(newest))) {
      return Optional.empty();
    }
    Instant next = successor(newest);
    return Optional.of(beginning(next.isBefore(now) ? now : next));
  }

  /// When all change to the next one: by its end where it has one, as it need not be of this plan.
  private Instant successor(GroupMasterKey newest) {
    return newest.expiry().equals(Instant.MAX)
        ? newest.activation().plus(every)
        : newest.expiry().minus(overlap);
  }

  /// When the successor of `newest` has to be made; [Instant#MAX] for never.
  public Instant nextLook(GroupMasterKey newest) {
    return every.isZero() ? Instant.MAX : successor(newest).minus(ahead);
  }
}
