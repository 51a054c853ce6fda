package parley.gateway.admin;

import parley.gateway.config.Role;

/// Who asks, and what they may do.
///
/// @param actor as in the audit log: `token ops`, `certificate ops.example.org`, `loopback`
record Caller(String actor, Role role) {}
