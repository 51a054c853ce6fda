package parley.keys.enrol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How the renewal of keys goes, for operators.
///
/// @param keysEnd when the last key period ends whose keys are held; null where there are none
/// @param succeeded how often keys were fetched
/// @param failed how often not
/// @param lastFailure one sentence; null since keys were fetched last
/// @param alarm one sentence where keys end within a day and could not be renewed; else null
public record RenewalState(
    @Nullable Instant keysEnd,
    long succeeded,
    long failed,
    @Nullable String lastFailure,
    @Nullable String alarm) {
  /// Nothing tried yet.
  public static final RenewalState NEW = new RenewalState(null, 0, 0, null, null);
}
