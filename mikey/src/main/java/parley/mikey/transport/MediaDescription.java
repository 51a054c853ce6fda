package parley.mikey.transport;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.mikey.message.Octets;

/// One `m=` of SDP with the lines below it, as far as keys need them (RFC 8866, 5.14).
///
/// @param media such as `audio`
/// @param transport such as `RTP/SAVP`
/// @param formats payload types, one or more
/// @param connection its own; null where the session's counts
/// @param hasKeys whether it has key management of its own, of whatever protocol: what the session
///   has does not count then (RFC 4567, 3.1)
/// @param messages its own MIKEY messages
public record MediaDescription(
    String media,
    int port,
    String transport,
    List<String> formats,
    @Nullable ConnectionAddress connection,
    boolean hasKeys,
    List<Octets> messages) {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+");
  private static final Pattern TRANSPORT = Pattern.compile("[!#$%&'*+./0-9A-Z^_`a-z{|}~-]+");
  private static final int HIGHEST_PORT = 65_535;

  public MediaDescription {
    formats = List.copyOf(formats);
    messages = List.copyOf(messages);
    if (!TOKEN.matcher(media).matches()
        || !TRANSPORT.matcher(transport).matches()
        || formats.isEmpty()
        || !formats.stream().allMatch(format -> TOKEN.matcher(format).matches())) {
      throw new IllegalArgumentException("media, transport and formats are words");
    }
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("a port is 0 to 65535");
    }
    if (!messages.isEmpty() && !hasKeys) {
      throw new IllegalArgumentException("messages are key management");
    }
  }

  /// Media at `port` whose keys the session has.
  public static MediaDescription of(String media, int port, String transport, String format) {
    return new MediaDescription(media, port, transport, List.of(format), null, false, List.of());
  }
}
