package parley.gateway.media;

import java.util.Locale;

/// Why a trunk drops what it received before any group has it.
public enum TrunkDrop {
  /// Too short for a tag.
  TOO_SHORT,
  /// It begins with no tag of the version that is spoken here.
  WRONG_VERSION,
  /// The tag is that of no group that listens on this trunk.
  UNKNOWN_TAG,
  /// The kernel dropped it, because the socket's receive buffer was full.
  RECEIVE_FULL;

  private final String label = name().toLowerCase(Locale.ROOT);

  /// The place of this reason's counter.
  @SuppressWarnings("EnumOrdinal") // an index into an array of this process, nowhere stored
  int place() {
    return ordinal();
  }

  /// The value of a metric's `reason` label.
  public String label() {
    return label;
  }
}
