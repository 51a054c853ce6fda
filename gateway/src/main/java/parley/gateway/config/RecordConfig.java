package parley.gateway.config;

import java.nio.file.Path;

/// Where recordings go.
///
/// @param warnBelowOctets less than that free on the disk is an alarm
public record RecordConfig(Path directory, long warnBelowOctets) {}
