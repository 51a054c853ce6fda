package parley.mikey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The published vectors under `src/test/resources/vectors`, one JSON file per source.
public final class Vectors {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Vectors() {}

  /// The whole file: `source`, `cases` and whatever else it holds.
  public static JsonNode load(String file) {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
      return MAPPER.readTree(Objects.requireNonNull(in, file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] octets(JsonNode node, String field) {
    return HexFormat.of().parseHex(text(node, field));
  }

  public static String text(JsonNode node, String field) {
    return node.required(field).asString();
  }

  /// Four octets in hex, such as a CSB ID.
  public static int word(JsonNode node, String field) {
    return HexFormat.fromHexDigits(text(node, field));
  }
}
