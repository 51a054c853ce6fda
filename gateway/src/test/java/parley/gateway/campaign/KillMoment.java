package parley.gateway.campaign;

/// What the gateway is busy with when it is killed; somebody talks in every group meanwhile.
enum KillMoment {
  /// Before it is ready.
  START,
  /// Bursts, nothing else.
  BURST,
  /// GMK messages arrive, some of them acknowledged.
  GMK,
  /// A burst has just said BYE: its recording is being closed.
  CLOSE,
  /// The configuration was changed and SIGHUP sent.
  RELOAD
}
