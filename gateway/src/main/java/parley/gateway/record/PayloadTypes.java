package parley.gateway.record;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which payload type number means which format. It goes into each recording, because nothing in
/// the packets tells.
public final class PayloadTypes {
  private final SortedMap<Integer, PayloadFormat> formats;

  private PayloadTypes(SortedMap<Integer, PayloadFormat> formats) {
    this.formats = formats;
  }

  /// The static types of RFC 3551, 6 that we can export, and Opus as 111.
  public static PayloadTypes defaults() {
    return new PayloadTypes(
        new TreeMap<>(
            Map.of(
                0, new PayloadFormat("PCMU", 8000, 1),
                8, new PayloadFormat("PCMA", 8000, 1),
                10, new PayloadFormat("L16", 44_100, 2),
                11, new PayloadFormat("L16", 44_100, 1),
                111, new PayloadFormat("opus", 48_000, 2))));
  }

  /// The defaults, with `more` added or in their place; values as in [PayloadFormat#parse].
  public static PayloadTypes with(Map<Integer, String> more) {
    var formats = new TreeMap<>(defaults().formats);
    more.forEach((type, rtpmap) -> formats.put(checked(type), PayloadFormat.parse(rtpmap)));
    return new PayloadTypes(formats);
  }

  private static int checked(int type) {
    if (type < 0 || type > 127) {
      throw new IllegalArgumentException("a payload type is 0 to 127, not " + type);
    }
    return type;
  }

  @Nullable PayloadFormat find(int type) {
    return formats.get(type);
  }

  void write(Fields header) {
    formats.forEach((type, format) -> header.put("payload-type", type + " " + format));
  }

  static PayloadTypes read(Fields header) throws NotARecording {
    var formats = new TreeMap<Integer, PayloadFormat>();
    for (String line : header.all("payload-type")) {
      try {
        int space = line.indexOf(' ');
        formats.put(
            checked(Integer.parseInt(line.substring(0, space))),
            PayloadFormat.parse(line.substring(space + 1)));
      } catch (RuntimeException e) {
        throw new NotARecording("has a payload-type that cannot be read: '" + line + "'", e);
      }
    }
    return new PayloadTypes(formats);
  }
}
