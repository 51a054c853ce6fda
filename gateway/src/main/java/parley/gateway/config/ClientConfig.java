package parley.gateway.config;

/// What the holder of a client certificate may do.
///
/// @param name a subject alternative name of the certificate, or its subject's common name
public record ClientConfig(String name, Role role) {}
