package parley.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// What goes back to one request, before HTTP puts its headers around it.
///
/// @param headers those that belong to this answer alone
record Answer(
    HttpResponseStatus status, String contentType, String body, Map<String, String> headers) {
  private static final ObjectMapper JSON = JsonMapper.shared();
  private static final String JSON_TYPE = "application/json";

  Answer {
    headers = Map.copyOf(headers);
  }

  static Answer json(HttpResponseStatus status, Map<String, ?> fields) {
    return new Answer(status, JSON_TYPE, JSON.writeValueAsString(fields) + "\n", Map.of());
  }

  static Answer text(String contentType, String body) {
    return new Answer(HttpResponseStatus.OK, contentType, body, Map.of());
  }

  /// `{"error": "not_found", "message": "…"}`
  static Answer error(HttpResponseStatus status, String message) {
    return error(status, message, List.of());
  }

  /// The same with `"findings": ["…"]` where there are some.
  static Answer error(HttpResponseStatus status, String message, List<String> findings) {
    String name = status.reasonPhrase().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_");
    var fields = new LinkedHashMap<String, Object>();
    fields.put("error", name);
    fields.put("message", message);
    if (!findings.isEmpty()) {
      fields.put("findings", findings);
    }
    return json(status, fields);
  }

  /// Of a path that is asked by a method that it does not have.
  static Answer wrongMethod(String message, String allowed) {
    return error(HttpResponseStatus.METHOD_NOT_ALLOWED, message)
        .with(HttpHeaderNames.ALLOW, allowed);
  }

  Answer with(AsciiString name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name.toString(), value);
    return new Answer(status, contentType, body, more);
  }

  byte[] octets() {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
