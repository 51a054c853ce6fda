package parley.gateway.config;

import java.nio.file.Path;

/// Where recordings go.
public record RecordConfig(Path directory) {}
