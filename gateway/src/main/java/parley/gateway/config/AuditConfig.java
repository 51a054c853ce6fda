package parley.gateway.config;

import java.nio.file.Path;

/// Where administrative acts are noted.
public record AuditConfig(Path file) {}
