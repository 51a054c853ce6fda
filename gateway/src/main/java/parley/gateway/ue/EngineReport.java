package parley.gateway.ue;

/// What parley's side of an engine's burst has done; the packets are the engine's.
///
/// @param announcements how often the session key was announced, the first time included
public record EngineReport(int csbId, int ssrc, int announcements) {}
