package parley.gateway.config;

import java.util.List;
import java.util.Map;

/// A YAML document as written, each node with its place.
sealed interface YamlNode {
  Place place();

  /// `entries` keeps the order of the file; the place of an entry's key is in `keys`.
  record Mapping(Place place, Map<String, YamlNode> entries, Map<String, Place> keys)
      implements YamlNode {}

  record Sequence(Place place, List<YamlNode> items) implements YamlNode {}

  /// `text` as written, quotes removed: no number or date is guessed from it.
  record Scalar(Place place, String text, boolean isNull) implements YamlNode {}

  /// What a person calls this node.
  default String kind() {
    return switch (this) {
      case Mapping _ -> "a mapping";
      case Sequence _ -> "a list";
      case Scalar scalar -> scalar.isNull() ? "empty" : "'" + scalar.text() + "'";
    };
  }
}
