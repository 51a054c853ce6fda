package parley.gateway.config;

import java.util.Locale;

/// What somebody may do who asks the admin server.
public enum Role {
  /// See everything that it shows.
  READ,
  /// See everything, and change what a running gateway does.
  OPERATE;

  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }

  /// As in files and sentences: `read`, `operate`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
