package parley.gateway;

/// Whether the system clock follows a reference. Any thread; answers at once.
@FunctionalInterface
public interface ClockSync {
  /// What is known of the clock.
  enum State {
    SYNCHRONISED,
    /// It runs free: no time service steers it, or its reference is lost.
    UNSYNCHRONISED,
    /// This system does not tell.
    UNKNOWN
  }

  State state();

  /// As the kernel says.
  static ClockSync kernel() {
    return KernelClock::state;
  }
}
