package parley.gateway.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import parley.gateway.config.Role;

/// One method of one path of the control API.
///
/// @param template below `/api/v1`; a segment in braces is given by whoever asks
/// @param takesBody whether a JSON object belongs to it
/// @param statuses all that it may answer
record ApiRoute(
    HttpMethod method,
    String template,
    Role role,
    boolean takesBody,
    Set<Integer> statuses,
    Handler handler) {
  /// What it does. `segments` are the ones in braces, decoded, in their order.
  interface Handler {
    Map<String, ?> answer(AdminRequest request, Caller caller, List<String> segments)
        throws ControlRefused, RequestRefused;
  }

  private static final Set<Integer> ALWAYS = Set.of(200, 400, 401, 403, 413, 500, 503);

  static ApiRoute read(String template, Handler handler) {
    boolean names = template.contains("{");
    return new ApiRoute(
        HttpMethod.GET, template, Role.READ, false, names ? allOf(404) : allOf(), handler);
  }

  static ApiRoute act(HttpMethod method, String template, Set<Integer> more, Handler handler) {
    Set<Integer> all = allOf(409, 422);
    all.addAll(more);
    return new ApiRoute(method, template, Role.OPERATE, false, all, handler);
  }

  ApiRoute withBody() {
    Set<Integer> all = new TreeSet<>(statuses);
    all.addAll(Set.of(411, 415));
    return new ApiRoute(method, template, role, true, all, handler);
  }

  private static Set<Integer> allOf(Integer... more) {
    Set<Integer> all = new TreeSet<>(ALWAYS);
    all.addAll(Set.of(more));
    return all;
  }

  /// The decoded segments in braces of a path that fits; empty for one that does not. `path` begins
  /// behind `/api/v1`.
  Optional<List<String>> match(String path) {
    String[] wanted = template.split("/", -1);
    String[] given = path.split("/", -1);
    if (wanted.length != given.length) {
      return Optional.empty();
    }
    List<String> segments = new ArrayList<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{")) {
        Optional<String> decoded = decoded(given[i]);
        if (decoded.isEmpty()) {
          return Optional.empty();
        }
        segments.add(decoded.get());
      } else if (!wanted[i].equals(given[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(segments);
  }

  /// Percent-encoding undone once (RFC 3986, 2.1); empty for what is none, or no UTF-8, or nothing.
  private static Optional<String> decoded(String segment) {
    ByteBuffer octets = ByteBuffer.allocate(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c != '%') {
        octets.put((byte) c);
        continue;
      }
      if (i + 2 >= segment.length()
          || !HexFormat.isHexDigit(segment.charAt(i + 1))
          || !HexFormat.isHexDigit(segment.charAt(i + 2))) {
        return Optional.empty();
      }
      octets.put((byte) HexFormat.fromHexDigits(segment, i + 1, i + 3));
      i += 2;
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString();
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }
}
