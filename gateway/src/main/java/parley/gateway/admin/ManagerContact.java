package parley.gateway.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How it goes to ask a group's manager over HTTPS for one thing.
///
/// @param what [#GMK] or [#MEMBERS]
/// @param answered questions since this was configured whose answer was good
/// @param failed the others
/// @param heldUntil when what is held is over; null where nothing is, and for GMKs, which tell that
///   themselves
public record ManagerContact(String what, long answered, long failed, @Nullable Instant heldUntil) {
  /// For the GMK messages that wait.
  public static final String GMK = "gmk";

  /// For the signed list of members.
  public static final String MEMBERS = "members";
}
