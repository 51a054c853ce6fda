package parley.keys;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The published vectors under `src/test/resources/vectors`, one JSON file per source.
public final class Vectors {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Vectors() {}

  public static JsonNode cases(String file) {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
      return MAPPER.readTree(Objects.requireNonNull(in, file)).required("cases");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
