package parley.bench.load;

/// What a datagram was to the listener that it came to.
enum Heard {
  /// Authentic and new.
  DELIVERED("delivered"),
  /// One of the delivered, behind a later packet of its stream.
  LATE("of these late"),
  /// Authentic, and delivered before.
  DUPLICATE("duplicates refused"),
  /// So far behind that the replay list does not reach it; as good as lost.
  STALE("too late to tell from a replay"),
  /// Of the talker's stream, and not authentic or under another key.
  BAD("bad"),
  /// Of our talker while listeners join, when nothing counts yet.
  LEAD_IN("before the count"),
  /// Of no talker of ours, or before its announcement was verified.
  UNKNOWN("of unknown streams"),
  /// RTCP, which is not looked into.
  RTCP("reports"),
  /// An announcement of our talker that verified, or was verified for another listener.
  ANNOUNCEMENT("announcements verified"),
  /// An announcement of our talker that did not verify.
  REFUSED("announcements refused");

  private final String label;

  Heard(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
