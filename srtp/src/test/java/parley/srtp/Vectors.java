package parley.srtp;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the published vectors of `src/test/resources/vectors`.
final class Vectors {
  private Vectors() {}

  static JsonNode file(String name) {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
      return JsonMapper.shared().readTree(Objects.requireNonNull(in, name));
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  static Stream<JsonNode> cases(String name) {
    return file(name).get("cases").values().stream();
  }

  static JsonNode named(String file, String start) {
    return cases(file)
        .filter(c -> c.get("name").asString().startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  static byte[] octets(JsonNode node, String field) {
    return node.has(field) ? HexFormat.of().parseHex(node.get(field).asString()) : new byte[0];
  }

  static int word(JsonNode node, String field) {
    return HexFormat.fromHexDigits(node.get(field).asString());
  }
}
