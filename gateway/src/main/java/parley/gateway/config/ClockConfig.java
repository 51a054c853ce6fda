package parley.gateway.config;

/// What is asked of the system clock.
///
/// @param requireSynchronised whether nothing is announced while the kernel does not call its clock
///   synchronised; else it is only said
public record ClockConfig(boolean requireSynchronised) {}
