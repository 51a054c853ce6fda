package parley.gateway.record;

import java.util.Locale;

/// What an RTP payload type means, as in SDP's rtpmap: `opus/48000/2`, `PCMU/8000`, `L16/44100/2`.
///
/// @param clockRate ticks of the RTP timestamp a second
public record PayloadFormat(String encoding, int clockRate, int channels) {
  public PayloadFormat {
    if (!encoding.matches("[A-Za-z0-9._-]{1,40}")
        || clockRate < 1
        || clockRate > 1_000_000
        || channels < 1
        || channels > 8) {
      throw new IllegalArgumentException(
          "'%s/%d/%d' is no payload format; write one like opus/48000/2 or PCMU/8000"
              .formatted(encoding, clockRate, channels));
    }
  }

  /// Reads an rtpmap without its payload type.
  ///
  /// @throws IllegalArgumentException with a sentence that shows what would be right
  public static PayloadFormat parse(String rtpmap) {
    String[] parts = rtpmap.strip().split("/", -1);
    try {
      if (parts.length == 2 || parts.length == 3) {
        return new PayloadFormat(
            parts[0],
            Integer.parseInt(parts[1]),
            parts.length == 3 ? Integer.parseInt(parts[2]) : 1);
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "'%s' is no payload format; write one like opus/48000/2 or PCMU/8000".formatted(rtpmap));
  }

  /// Encoding names are compared without regard to case (RFC 4855, 3).
  boolean is(String name) {
    return encoding.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return encoding + "/" + clockRate + (channels == 1 ? "" : "/" + channels);
  }
}
