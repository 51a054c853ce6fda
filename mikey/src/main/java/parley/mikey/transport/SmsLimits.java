package parley.mikey.transport;

import java.time.Duration;

/// How much an [SmsReassembly] holds of messages that are not complete.
///
/// @param perSender messages in the making of one sender; the oldest of them makes room
/// @param messages messages in the making of all senders together
/// @param octets of segments, of all senders together
/// @param expiry how long after its first segment a message may become complete
public record SmsLimits(int perSender, int messages, int octets, Duration expiry) {
  public SmsLimits {
    if (perSender < 1 || messages < perSender || octets < SmsSegments.PART_OCTETS) {
      throw new IllegalArgumentException("1 <= per sender <= messages, and room for a segment");
    }
  }

  /// Four of a sender, 1024 of all in 512 KiB, ten minutes.
  public static SmsLimits defaults() {
    return new SmsLimits(4, 1024, 512 * 1024, Duration.ofMinutes(10));
  }
}
