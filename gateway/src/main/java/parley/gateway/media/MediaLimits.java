package parley.gateway.media;

import java.time.Duration;

/// The bounds of one group's media plane.
///
/// @param streams how many streams may be installed at once
/// @param heldPackets early packets held for one announcement
/// @param heldAnnouncements announcements that may hold packets at once
/// @param holdFor how long an early packet waits
/// @param tombstones how many ended streams are remembered
/// @param tombstoneFor how long they are remembered: two windows of the announcements' T
/// @param pathOctets the longest UDP payload that the path carries in one piece
public record MediaLimits(
    int streams,
    int heldPackets,
    int heldAnnouncements,
    Duration holdFor,
    int tombstones,
    Duration tombstoneFor,
    int pathOctets) {

  /// For a window of 60 s and an Ethernet MTU of 1500 octets under IPv4.
  public static MediaLimits defaults() {
    return new MediaLimits(1024, 32, 16, Duration.ofMillis(200), 4096, Duration.ofMinutes(2), 1472);
  }

  /// Remembers ended streams for two of these windows.
  public MediaLimits withWindow(Duration window) {
    return new MediaLimits(
        streams,
        heldPackets,
        heldAnnouncements,
        holdFor,
        tombstones,
        window.multipliedBy(2),
        pathOctets);
  }
}
