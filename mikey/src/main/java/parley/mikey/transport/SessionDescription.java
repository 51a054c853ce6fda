package parley.mikey.transport;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.mikey.message.Octets;

/// A session as SDP describes it (RFC 8866), reduced to what says where media goes and who has its
/// keys. Attributes and lines that say something else are not kept.
///
/// @param origin what stands behind `o=`: six words, unique for session and version
/// @param name what stands behind `s=`
/// @param connection null where each media has its own
/// @param messages MIKEY messages at session level (RFC 4567, 3.1)
public record SessionDescription(
    String origin,
    String name,
    @Nullable ConnectionAddress connection,
    List<Octets> messages,
    List<MediaDescription> media) {
  private static final Pattern ORIGIN =
      Pattern.compile("[^\\s\\p{Cntrl}]+ [0-9]+ [0-9]+ IN IP[46] [^\\s\\p{Cntrl}]+");
  private static final Pattern TEXT = Pattern.compile("[^\\p{Cntrl}]+");

  public SessionDescription {
    messages = List.copyOf(messages);
    media = List.copyOf(media);
    if (!ORIGIN.matcher(origin).matches()) {
      throw new IllegalArgumentException(
          "an origin is user, session, version, IN, IP4 or IP6, address");
    }
    if (!TEXT.matcher(name).matches()) {
      throw new IllegalArgumentException("a session has a name of one line");
    }
    if (connection == null && !media.stream().allMatch(m -> m.connection() != null)) {
      throw new IllegalArgumentException("media without a connection address");
    }
  }

  /// The origin of whoever has no name to tell: `-`.
  ///
  /// @param session read as unsigned, like `version`
  public static String origin(long session, long version, ConnectionAddress host) {
    return "- %s %s %s"
        .formatted(Long.toUnsignedString(session), Long.toUnsignedString(version), host);
  }

  /// What counts for one of the `media` here.
  public List<Octets> messagesOf(MediaDescription one) {
    return one.hasKeys() ? one.messages() : messages;
  }

  /// What counts for any media, or for a session that has none; each message once, in the order of
  /// the text.
  public List<Octets> messagesInForce() {
    if (media.isEmpty()) {
      return messages.stream().distinct().toList();
    }
    Set<Octets> all = new LinkedHashSet<>();
    for (Octets message : messages) {
      if (media.stream().anyMatch(m -> !m.hasKeys())) {
        all.add(message);
      }
    }
    media.forEach(m -> all.addAll(m.messages()));
    return List.copyOf(all);
  }
}
