package parley.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// What goes back to one request, before HTTP puts its headers around it.
record Answer(HttpResponseStatus status, String contentType, String body) {
  private static final ObjectMapper JSON = JsonMapper.shared();

  static Answer json(HttpResponseStatus status, Map<String, ?> fields) {
    return new Answer(status, "application/json", JSON.writeValueAsString(fields) + "\n");
  }

  static Answer text(String contentType, String body) {
    return new Answer(HttpResponseStatus.OK, contentType, body);
  }

  /// `{"error": "not_found", "message": "…"}`
  static Answer error(HttpResponseStatus status, String message) {
    String name = status.reasonPhrase().toLowerCase(Locale.ROOT).replace(' ', '_');
    var fields = new LinkedHashMap<String, String>();
    fields.put("error", name);
    fields.put("message", message);
    return json(status, fields);
  }

  byte[] octets() {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
