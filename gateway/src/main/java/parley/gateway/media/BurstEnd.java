package parley.gateway.media;

/// Why a burst ended.
public enum BurstEnd {
  /// The talker said so in RTCP (RFC 3550, 6.6).
  BYE,
  /// The same talker announced another crypto session bundle.
  NEW_BURST,
  /// Three repeats of the announcement were missed.
  SILENT,
  /// The group master key it was announced under is past its period and grace.
  GMK_GRACE,
  /// Two announcements disagreed about it.
  DISPUTED,
  /// Another gateway bridges this pair of groups.
  STANDBY,
  /// The members list was changed and no longer lets its announcer do this.
  NOT_PERMITTED,
  /// The bridge that carried it was taken out of the configuration.
  UNBRIDGED,
  /// The operator emptied the gateway, and the deadline came.
  DRAINED,
  /// The group or the gateway closes.
  CLOSED
}
