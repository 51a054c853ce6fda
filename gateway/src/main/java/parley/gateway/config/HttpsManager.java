package parley.gateway.config;

import java.time.Duration;

/// A group's manager that is asked over HTTPS, again and again.
///
/// @param every how long between two questions
public record HttpsManager(PeerConfig server, Duration every) {
  /// For an operator.
  @Override
  public String toString() {
    return "%s every %d s".formatted(server.url(), every.toSeconds());
  }
}
