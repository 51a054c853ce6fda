package parley.gateway.config;

import java.nio.file.Path;

/// Where a running gateway reads its configuration again.
@FunctionalInterface
public interface ConfigSource {
  /// @throws ConfigException with every wrong setting
  GatewayConfig read() throws ConfigException;

  static ConfigSource file(Path file) {
    return () -> ConfigFile.read(file);
  }
}
