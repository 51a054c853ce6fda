package parley.gateway.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Named values as lines of text, `name: value`: what a person with a text viewer can still read in
/// ten years.
///
/// Octets are in hexadecimal. A name may come again. Names that a reader does not know are kept and
/// do no harm.
final class Fields {
  private final List<Field> fields = new ArrayList<>();

  private record Field(String name, String value) {}

  Fields put(String name, String value) {
    if (value.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException("the value of " + name + " has a control character");
    }
    fields.add(new Field(name, value));
    return this;
  }

  Fields put(String name, long value) {
    return put(name, Long.toString(value));
  }

  Fields putHex(String name, byte[] octets) {
    return put(name, HexFormat.of().formatHex(octets));
  }

  /// As 8 hexadecimal digits.
  Fields putHex(String name, int value) {
    return put(name, HexFormat.of().toHexDigits(value));
  }

  /// A copy without the fields of these names.
  Fields without(List<String> names) {
    var copy = new Fields();
    fields.stream().filter(f -> !names.contains(f.name)).forEach(copy.fields::add);
    return copy;
  }

  Optional<String> find(String name) {
    return fields.stream().filter(f -> f.name.equals(name)).map(Field::value).findFirst();
  }

  List<String> all(String name) {
    return fields.stream().filter(f -> f.name.equals(name)).map(Field::value).toList();
  }

  String text(String name) throws NotARecording {
    return find(name).orElseThrow(() -> new NotARecording("has no " + name));
  }

  long number(String name) throws NotARecording {
    return read(name, Long::parseLong);
  }

  byte[] octets(String name) throws NotARecording {
    return read(name, HexFormat.of()::parseHex);
  }

  int word(String name) throws NotARecording {
    return read(name, HexFormat::fromHexDigits);
  }

  /// The value, read by `reader`, whose refusal names the field.
  <T> T read(String name, java.util.function.Function<String, T> reader) throws NotARecording {
    String value = text(name);
    try {
      return reader.apply(value);
    } catch (RuntimeException e) {
      throw new NotARecording("has a %s that cannot be read: '%s'".formatted(name, value), e);
    }
  }

  List<String> lines() {
    return fields.stream().map(field -> field.name + ": " + field.value).toList();
  }

  byte[] encode() {
    return (String.join("\n", lines()) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static Fields decode(byte[] octets) {
    var fields = new Fields();
    new String(octets, StandardCharsets.UTF_8)
        .lines()
        .forEach(line -> {
          int colon = line.indexOf(": ");
          if (colon > 0) {
            fields.fields.add(new Field(line.substring(0, colon), line.substring(colon + 2)));
          }
        });
    return fields;
  }
}
