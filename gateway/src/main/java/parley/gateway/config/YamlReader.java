package parley.gateway.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads one YAML document into nodes that know their place. Duplicate keys and aliases are
/// findings, not surprises: the first value stays, and the file is refused.
final class YamlReader {
  /// The library would take no more than three million characters. Duplicate keys are found here.
  private static final YAMLFactory YAML =
      YAMLFactory.builder()
          .loadSettings(
              LoadSettings.builder()
                  .setCodePointLimit(ConfigFile.MAX_OCTETS)
                  .setAllowDuplicateKeys(true)
                  .build())
          .build();

  private final JsonParser parser;
  private final Findings findings;

  private YamlReader(JsonParser parser, Findings findings) {
    this.parser = parser;
    this.findings = findings;
  }

  /// The root node, or null where the text is no YAML or empty; `findings` then says so.
  static @Nullable YamlNode read(String text, Findings findings) {
    try (JsonParser parser = YAML.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        findings.add("", new Place(1, 1), "the file is empty; see README.md for an example");
        return null;
      }
      var reader = new YamlReader(parser, findings);
      YamlNode root = reader.node("");
      if (parser.nextToken() != null) {
        findings.add("", reader.place(), "a second document begins here; a configuration is one");
      }
      return root;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      Place place = at == null ? new Place(0, 0) : new Place(at.getLineNr(), at.getColumnNr());
      findings.add("", place, "this is not YAML: " + firstLine(e.getOriginalMessage()));
      return null;
    }
  }

  private YamlNode node(String path) {
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      findings.add(path, place(), "aliases are not followed; write the value out");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(path);
      case START_ARRAY -> sequence(path);
      case VALUE_NULL -> new YamlNode.Scalar(place(), "", true);
      default -> new YamlNode.Scalar(place(), parser.getString(), false);
    };
  }

  private YamlNode mapping(String path) {
    Place start = place();
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    Map<String, Place> keys = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Place at = place();
      String below = Setting.join(path, key);
      parser.nextToken();
      YamlNode value = node(below);
      Place before = keys.putIfAbsent(key, at);
      if (before == null) {
        entries.put(key, value);
      } else {
        findings.add(below, at, "is set twice, first in line " + before.line() + "; keep one");
      }
    }
    return new YamlNode.Mapping(start, entries, keys);
  }

  private YamlNode sequence(String path) {
    Place start = place();
    List<YamlNode> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(path + "[" + items.size() + "]"));
    }
    return new YamlNode.Sequence(start, items);
  }

  private Place place() {
    TokenStreamLocation at = parser.currentTokenLocation();
    return new Place(at.getLineNr(), at.getColumnNr());
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "cannot be parsed" : message.lines().findFirst().orElse(message);
  }
}
