package parley.gateway.config;

import java.time.Duration;

/// Where a group's list of members comes from, signed by whoever signs its GMKs.
///
/// @param manager its manager's HTTPS server
/// @param every how long between two questions
public record MemberSource(PeerConfig manager, Duration every) {}
