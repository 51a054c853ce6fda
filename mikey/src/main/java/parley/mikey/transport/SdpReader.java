package parley.mikey.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;

/// Takes an SDP description apart as far as keys need it (RFC 8866, 5; RFC 4567, 3.1), strictly.
///
/// At most 32 KiB, 16 media and 16 MIKEY messages of 4 KiB each. `v=0`, `o=` and `s=` come first,
/// `t=` is there, every media has a connection address; `c=` stands once in its part. Lines of
/// other known types are passed over wherever they stand in their part, because the descriptions of
/// RFC 4567 itself are not in the order of the grammar; a type of line that nobody knows is
/// refused. The result is complete or a [MalformedMessage] whose offset is the line. Not
/// thread-safe; one use.
public final class SdpReader {
  public static final int MAX_OCTETS = 32 * 1024;
  public static final int MAX_MEDIA = 16;
  public static final int MAX_MESSAGES = 16;

  private static final String IN_SESSION = "iuepcbtrzka";
  private static final String IN_MEDIA = "icbka";
  private static final Pattern CONNECTION = Pattern.compile("IN (IP[46]) (\\S+)");
  private static final Pattern TIME = Pattern.compile("[0-9]+ [0-9]+");
  private static final Pattern MEDIA =
      Pattern.compile("(\\S+) ([0-9]{1,5})(?:/[0-9]{1,5})? (\\S+) (\\S.*)");

  private final List<SdpLine> lines;
  private int next;
  private int messages;

  private SdpReader(List<SdpLine> lines) {
    this.lines = lines;
  }

  /// Reads a whole description; `octets` stay the caller's and are not kept.
  public static SessionDescription read(byte[] octets) throws MalformedMessage {
    if (octets.length > MAX_OCTETS) {
      throw MalformedMessage.atLine(
          SdpLine.CLAUSE, 0, octets.length + " octets, at most " + MAX_OCTETS);
    }
    return new SdpReader(SdpLine.read(octets)).session();
  }

  private SessionDescription session() throws MalformedMessage {
    SdpLine version = take('v');
    if (!version.value().equals("0")) {
      throw version.malformed("the version is not 0");
    }
    SdpLine origin = take('o');
    SdpLine name = take('s');
    Part session = part(IN_SESSION);
    if (!session.hasTime) {
      throw here().malformed("t= is missing before it");
    }
    List<MediaDescription> media = new ArrayList<>();
    while (next < lines.size()) {
      media.add(media(media.size(), session.connection != null));
    }
    try {
      return new SessionDescription(
          origin.value(), name.value(), session.connection, session.messages, media);
    } catch (IllegalArgumentException e) {
      throw origin.malformed(String.valueOf(e.getMessage()));
    }
  }

  private SdpLine take(char type) throws MalformedMessage {
    if (next == lines.size() || lines.get(next).type() != type) {
      throw MalformedMessage.atLine(SdpLine.CLAUSE, next + 1, type + "= belongs here");
    }
    return lines.get(next++);
  }

  /// The line that was not expected, or the last one where none is left.
  private SdpLine here() {
    return lines.get(Math.min(next, lines.size() - 1));
  }

  private MediaDescription media(int before, boolean isConnected) throws MalformedMessage {
    SdpLine line = take('m');
    if (before == MAX_MEDIA) {
      throw line.malformed("more than " + MAX_MEDIA + " media");
    }
    Matcher fields = MEDIA.matcher(line.value());
    if (!fields.matches()) {
      throw line.malformed("m= is media, port, transport and formats");
    }
    Part part = part(IN_MEDIA);
    if (!isConnected && part.connection == null) {
      throw line.malformed("media without a connection address");
    }
    try {
      return new MediaDescription(
          fields.group(1),
          Integer.parseInt(fields.group(2)),
          fields.group(3),
          List.of(fields.group(4).split(" ", -1)),
          part.connection,
          part.hasKeys,
          part.messages);
    } catch (IllegalArgumentException e) {
      throw line.malformed(String.valueOf(e.getMessage()));
    }
  }

  /// What stands between two `m=`, or before the first.
  private static final class Part {
    private final List<Octets> messages = new ArrayList<>();
    private @Nullable ConnectionAddress connection;
    private boolean hasKeys;
    private boolean hasTime;
  }

  private Part part(String types) throws MalformedMessage {
    var part = new Part();
    while (next < lines.size() && lines.get(next).type() != 'm') {
      SdpLine line = lines.get(next);
      if (types.indexOf(line.type()) < 0) {
        throw line.malformed(line.type() + "= does not belong here");
      }
      switch (line.type()) {
        case 'c' -> connection(part, line);
        case 't' -> time(part, line);
        case 'a' -> attribute(part, line);
        default -> {} // says nothing of keys
      }
      next++;
    }
    return part;
  }

  private static void connection(Part part, SdpLine line) throws MalformedMessage {
    Matcher fields = CONNECTION.matcher(line.value());
    if (part.connection != null || !fields.matches()) {
      throw line.malformed("one c= of IN, IP4 or IP6, and an address belongs here");
    }
    try {
      part.connection = new ConnectionAddress(fields.group(1), fields.group(2));
    } catch (IllegalArgumentException e) {
      throw line.malformed(String.valueOf(e.getMessage()));
    }
  }

  private static void time(Part part, SdpLine line) throws MalformedMessage {
    if (!TIME.matcher(line.value()).matches()) {
      throw line.malformed("t= is two numbers");
    }
    part.hasTime = true;
  }

  private void attribute(Part part, SdpLine line) throws MalformedMessage {
    String name = KeyManagement.ATTRIBUTE;
    if (!line.value().equals(name) && !line.value().startsWith(name + ":")) {
      return;
    }
    int value = Math.min(name.length() + 1, line.value().length());
    Optional<Octets> message = KeyManagement.value(line.value().substring(value), line.number());
    part.hasKeys = true;
    if (message.isPresent()) {
      if (messages == MAX_MESSAGES) {
        throw line.malformed("more than " + MAX_MESSAGES + " MIKEY messages");
      }
      messages++;
      part.messages.add(message.get());
    }
  }
}
