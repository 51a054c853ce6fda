package parley.gateway.admin;

import java.time.Instant;

/// The group master key in use: no secret, only its name and its life.
///
/// @param expiry [Instant#MAX] where the period of use is unlimited
public record GmkStatus(int gmkId, Instant issued, Instant expiry) {}
