package parley.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One node of the configuration with its path: reads it as what the caller expects, or records why
/// it is not that.
final class Setting {
  private final String path;
  private final YamlNode node;
  private final Place place;
  private final Findings findings;

  Setting(String path, YamlNode node, Place place, Findings findings) {
    this.path = path;
    this.node = node;
    this.place = place;
    this.findings = findings;
  }

  static Setting root(YamlNode node, Findings findings) {
    return new Setting("", node, node.place(), findings);
  }

  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  void wrong(String text) {
    findings.add(path, place, text);
  }

  boolean isMapping() {
    return node instanceof YamlNode.Mapping;
  }

  boolean hasKey(String key) {
    return node instanceof YamlNode.Mapping mapping && mapping.entries().containsKey(key);
  }

  boolean isEmptyList() {
    return node instanceof YamlNode.Sequence sequence && sequence.items().isEmpty();
  }

  /// The value of `parser`, or null after recording the sentence of its [IllegalArgumentException].
  <T> @Nullable T as(Function<String, T> parser) {
    if (!(node instanceof YamlNode.Scalar(_, String text, boolean isNull)) || isNull) {
      wrong("is " + node.kind() + "; one value belongs here");
      return null;
    }
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      wrong(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /// This node as a mapping; keys that are not in `known` are recorded, with the nearest that is.
  Section section(String... known) {
    List<String> keys = List.of(known);
    if (!(node instanceof YamlNode.Mapping mapping)) {
      wrong("is " + node.kind() + "; a mapping belongs here with " + String.join(", ", keys));
      return new Section(this, null);
    }
    for (String key : mapping.entries().keySet()) {
      if (!keys.contains(key)) {
        child(mapping, key).wrong(NearestKey.sentence(key, keys));
      }
    }
    return new Section(this, mapping);
  }

  List<Setting> items() {
    if (!(node instanceof YamlNode.Sequence(_, List<YamlNode> nodes))) {
      wrong("is " + node.kind() + "; a list belongs here");
      return List.of();
    }
    List<Setting> items = new ArrayList<>();
    for (YamlNode item : nodes) {
      items.add(new Setting(path + "[" + items.size() + "]", item, item.place(), findings));
    }
    return items;
  }

  /// The keys of a mapping whose keys are data, each as a setting of its own.
  List<Named<String>> entries() {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      wrong("is " + node.kind() + "; a mapping belongs here");
      return List.of();
    }
    return mapping.entries().keySet().stream()
        .map(key -> new Named<>(key, child(mapping, key)))
        .toList();
  }

  Setting child(YamlNode.Mapping mapping, String key) {
    YamlNode value = mapping.entries().getOrDefault(key, mapping);
    Place at = mapping.keys().getOrDefault(key, place);
    return new Setting(join(path, key), value, at, findings);
  }

  /// A setting below this one that is not written in the file.
  Setting absent(String key) {
    return new Setting(join(path, key), node, place, findings);
  }
}
