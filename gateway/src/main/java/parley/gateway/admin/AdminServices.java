package parley.gateway.admin;

import java.time.InstantSource;

/// What the admin server serves.
///
/// @param version of this program
public record AdminServices(
    GatewayStatus status, AuditedControl control, String version, InstantSource clock) {}
