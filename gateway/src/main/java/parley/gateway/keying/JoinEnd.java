package parley.gateway.keying;

/// Why a receiver that had joined receives no more.
public enum JoinEnd {
  /// It said so.
  LEFT,
  /// Three refreshes were missed.
  EXPIRED,
  /// Its GMK is closed, or older than the grace time allows.
  GMK,
  /// The members list no longer lets it listen.
  NOT_PERMITTED,
  /// Another stay has its address now, or its own stay went on from another address.
  REPLACED,
  /// The operator took it out.
  CONTROL,
  /// The configuration no longer offers it, or offers less room.
  NOT_OFFERED,
  /// The group is closed.
  CLOSED
}
