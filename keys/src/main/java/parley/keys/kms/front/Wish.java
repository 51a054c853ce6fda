package parley.keys.kms.front;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// Which keys a client would like.
///
/// @param who null for the client's own
/// @param at a time within the key period that is meant; null for the present one, and the next as
///   soon as it is open
/// @param device null where the request names none
public record Wish(@Nullable Identity who, @Nullable Instant at, @Nullable String device) {}
