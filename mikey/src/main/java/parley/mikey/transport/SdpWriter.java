package parley.mikey.transport;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.message.Octets;

/// Writes what [SdpReader] reads, in the order of the grammar (RFC 8866, 9).
public final class SdpWriter {
  private static final String END = "\r\n";

  private SdpWriter() {}

  /// UTF-8, every line ended by CRLF. Key management of other protocols than MIKEY is not kept, so
  /// media that has none but that cannot be written.
  public static byte[] write(SessionDescription session) {
    var text = new StringBuilder();
    text.append("v=0").append(END);
    text.append("o=").append(session.origin()).append(END);
    text.append("s=").append(session.name()).append(END);
    connection(text, session.connection());
    text.append("t=0 0").append(END);
    messages(text, session.messages());
    session.media().forEach(media -> media(text, media));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void media(StringBuilder text, MediaDescription media) {
    if (media.hasKeys() && media.messages().isEmpty()) {
      throw new IllegalArgumentException("keys of another protocol are not kept");
    }
    text.append("m=%s %d %s".formatted(media.media(), media.port(), media.transport()));
    media.formats().forEach(format -> text.append(' ').append(format));
    text.append(END);
    connection(text, media.connection());
    messages(text, media.messages());
  }

  private static void connection(StringBuilder text, @Nullable ConnectionAddress connection) {
    if (connection != null) {
      text.append("c=").append(connection).append(END);
    }
  }

  private static void messages(StringBuilder text, List<Octets> messages) {
    messages.forEach(message -> text.append(KeyManagement.write(message)).append(END));
  }
}
