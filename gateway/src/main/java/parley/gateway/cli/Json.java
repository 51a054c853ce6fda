package parley.gateway.cli;

import java.io.PrintWriter;
import tools.jackson.databind.json.JsonMapper;

/// What `--json` prints: one value, names in camel case that stay, times as ISO 8601.
final class Json {
  private Json() {}

  static void print(PrintWriter out, Object value) {
    out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(value));
    out.flush();
  }
}
