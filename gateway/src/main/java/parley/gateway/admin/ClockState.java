package parley.gateway.admin;

/// Whether the system clock follows a reference, as the kernel says.
public enum ClockState {
  SYNCHRONISED,
  UNSYNCHRONISED,
  /// This system does not tell.
  UNKNOWN
}
