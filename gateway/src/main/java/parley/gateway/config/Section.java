package parley.gateway.config;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A mapping of the configuration, read key by key. Of something that is no mapping every key is
/// absent.
final class Section {
  private final Setting setting;
  private final YamlNode.@Nullable Mapping mapping;

  Section(Setting setting, YamlNode.@Nullable Mapping mapping) {
    this.setting = setting;
    this.mapping = mapping;
  }

  Setting setting() {
    return setting;
  }

  boolean has(String key) {
    return mapping != null && mapping.entries().containsKey(key);
  }

  @Nullable Setting find(String key) {
    return mapping != null && has(key) ? setting.child(mapping, key) : null;
  }

  <T> @Nullable T optional(String key, Function<String, T> parser) {
    Setting found = find(key);
    return found == null ? null : found.as(parser);
  }

  <T> T value(String key, Function<String, T> parser, T byDefault) {
    T value = optional(key, parser);
    return value == null ? byDefault : value;
  }

  /// Null after recording that the key is missing or wrong; `example` is what would be right.
  <T> @Nullable T required(String key, Function<String, T> parser, String example) {
    if (mapping != null && !has(key)) {
      setting.absent(key).wrong("is missing; for example " + key + ": " + example);
    }
    return optional(key, parser);
  }

  List<Setting> items(String key) {
    Setting found = find(key);
    return found == null ? List.of() : found.items();
  }
}
