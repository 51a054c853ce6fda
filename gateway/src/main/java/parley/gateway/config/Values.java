package parley.gateway.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import parley.keys.gba.Fqdn;
import parley.srtp.CipherEngines;

/// Reads single values: numbers, durations, choices, URLs. Each failure says what would be right.
final class Values {
  private static final Pattern OCTETS = Pattern.compile("(\\d{1,9})\\s*([KMGT]iB)");
  private static final Pattern RTPMAP = Pattern.compile("([A-Za-z0-9-]+)/(\\d{4,6})(/[1-9])?");
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
  private static final int DYNAMIC_PAYLOAD_TYPES = 127;

  private Values() {}

  static Function<String, Integer> integer(int lowest, int highest) {
    return text -> {
      try {
        int value = Integer.parseInt(text);
        if (value >= lowest && value <= highest) {
          return value;
        }
      } catch (NumberFormatException _) {
        // told below, with the range
      }
      throw new IllegalArgumentException(
          "%s is no number from %d to %d".formatted(text, lowest, highest));
    };
  }

  static Function<String, Duration> duration(Duration lowest, Duration highest) {
    return text -> Timespan.between(lowest, highest, text);
  }

  /// `500MiB`, in octets; 0 without a unit, too.
  static Long octets(String text) {
    if (text.equals("0")) {
      return 0L;
    }
    Matcher matcher = OCTETS.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "is '" + text + "'; a size is written like 500MiB or 2GiB");
    }
    int power = "KMGT".indexOf(matcher.group(2).charAt(0)) + 1;
    return Long.parseLong(matcher.group(1)) << (10 * power);
  }

  static Boolean yesOrNo(String text) {
    return choice(Map.of("true", true, "false", false)).apply(text);
  }

  static <T> Function<String, T> choice(Map<String, T> choices) {
    return text -> {
      T value = choices.get(text);
      if (value == null) {
        List<String> names = choices.keySet().stream().sorted().toList();
        throw new IllegalArgumentException(
            "%s is not offered; one of %s".formatted(text, String.join(", ", names)));
      }
      return value;
    };
  }

  static Function<String, String> oneOf(String... names) {
    return choice(List.of(names).stream().collect(Collectors.toMap(n -> n, n -> n)));
  }

  /// An engine that passes its self-test on this host.
  static String srtpEngine(String text) {
    try {
      var _ = CipherEngines.select(text);
      return text;
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// A name of one line, as it goes into identifiers and logs.
  static String name(String text) {
    if (text.isBlank() || text.length() > 64 || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("a name has 1 to 64 visible ASCII characters, no spaces");
    }
    return text;
  }

  /// A fully qualified domain name, in lower case.
  static String hostName(String text) {
    if (text.length() > 253 || !HOST_NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(text + " is no host name like kms.example.org");
    }
    return text.toLowerCase(Locale.ROOT);
  }

  /// The same with a dot in it, as certificates and NAF_Id have it.
  static String fullName(String text) {
    return Fqdn.of(hostName(text)).name();
  }

  static URI https(String text) {
    return uri(text, List.of("https"), "https://kms.example.org:8443");
  }

  static URI manager(String text) {
    String example = "https://manager.example.org:8444, udp://10.0.0.9:2269 or file:inbox/";
    URI uri = uri(text, List.of("https", "udp", "file"), example);
    boolean hasPort = uri.getPort() > 0 && uri.getPort() <= 65_535;
    if ("udp".equalsIgnoreCase(uri.getScheme()) && !hasPort) {
      throw new IllegalArgumentException(text + " has no port; write udp://10.0.0.9:2269");
    }
    return uri;
  }

  /// How a manager reaches a member.
  static URI way(String text) {
    String example = "udp://10.0.0.7:2269, http://10.0.0.7:8269/mikey, file:out/ or sms:out/";
    return uri(text, List.of("udp", "http", "https", "file", "sms"), example);
  }

  static int payloadType(String text) {
    return integer(0, DYNAMIC_PAYLOAD_TYPES).apply(text);
  }

  static String encoding(String text) {
    if (!RTPMAP.matcher(text).matches()) {
      throw new IllegalArgumentException(
          text + " is no encoding; write NAME/CLOCK[/CHANNELS], for example opus/48000/2");
    }
    return text;
  }

  private static URI uri(String text, List<String> schemes, String example) {
    URI uri = parsed(text, example);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean needsHost = !scheme.equals("file") && !scheme.equals("sms");
    if (!schemes.contains(scheme) || (needsHost && uri.getHost() == null)) {
      throw new IllegalArgumentException(text + " does not fit; for example " + example);
    }
    return uri;
  }

  private static URI parsed(String text, String example) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException(text + " is no URL; for example " + example);
    }
  }
}
