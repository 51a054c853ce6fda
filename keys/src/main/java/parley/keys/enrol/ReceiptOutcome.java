package parley.keys.enrol;

import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// What became of the receipt of a GMK that came with keys.
///
/// @param problem one sentence on why the group's manager does not have it; null where it has
public record ReceiptOutcome(Identity group, @Nullable String problem) {}
