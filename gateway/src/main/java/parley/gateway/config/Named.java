package parley.gateway.config;

/// A value that was read, and the setting it came from: for checks that look at more than one
/// setting.
record Named<T>(T value, Setting setting) {}
