package parley.bench.relay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Session descriptions of one audio stream on loopback, as far as rtpengine must be told.
final class Sdp {
  private static final Pattern MEDIA = Pattern.compile("m=audio (\\d+) ");

  private Sdp() {}

  /// @param direction `sendonly`, `recvonly`, `sendrecv`
  /// @param crypto the value of an `a=crypto` line, or empty for RTP in clear
  static String of(int port, String direction, String crypto) {
    return """
    v=0
    o=- 1 1 IN IP4 127.0.0.1
    s=-
    c=IN IP4 127.0.0.1
    t=0 0
    m=audio %d %s 0
    a=rtpmap:0 PCMU/8000
    a=%s
    %s\
    """
        .formatted(
            port,
            crypto.isEmpty() ? "RTP/AVP" : "RTP/SAVP",
            direction,
            crypto.isEmpty() ? "" : "a=crypto:" + crypto + "\n")
        .replace("\n", "\r\n");
  }

  static int port(String sdp) throws Unavailable {
    Matcher found = MEDIA.matcher(sdp);
    if (!found.find()) {
      throw new Unavailable("rtpengine names no port: " + sdp);
    }
    return Integer.parseInt(found.group(1));
  }

  /// A crypto line of another: its tag and its key.
  record Crypto(String tag, String keyBase64) {}

  /// The line of `suite` (RFC 4568).
  static Crypto crypto(String sdp, String suite) throws Unavailable {
    Matcher found =
        Pattern.compile("a=crypto:(\\d+) " + suite + " inline:([A-Za-z0-9+/=]+)").matcher(sdp);
    if (!found.find()) {
      throw new Unavailable("rtpengine does not offer " + suite);
    }
    return new Crypto(found.group(1), found.group(2));
  }
}
