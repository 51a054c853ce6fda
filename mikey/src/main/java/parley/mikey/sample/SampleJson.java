package parley.mikey.sample;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes maps, lists, text, whole numbers and truth values as JSON, two spaces for each level.
///
/// Text is printable ASCII here; a quotation mark or a backslash in it is escaped.
final class SampleJson {
  private static final String STEP = "  ";

  private SampleJson() {}

  static String of(Object value) {
    return of(value, "") + "\n";
  }

  private static String of(Object value, String indent) {
    return switch (value) {
      case Map<?, ?> map ->
          block(
              '{',
              map.entrySet().stream()
                  .map(entry -> text(entry.getKey()) + ": " + of(entry.getValue(), indent + STEP))
                  .toList(),
              '}',
              indent);
      case Collection<?> list ->
          block('[', list.stream().map(each -> of(each, indent + STEP)).toList(), ']', indent);
      case String text -> text(text);
      case Integer _, Long _, Boolean _ -> value.toString();
      default -> throw new IllegalArgumentException("no JSON of " + value.getClass());
    };
  }

  private static String block(char open, Collection<String> parts, char close, String indent) {
    if (parts.isEmpty()) {
      return "" + open + close;
    }
    String between = ",\n" + indent + STEP;
    return parts.stream()
        .collect(Collectors.joining(between, open + "\n" + indent + STEP, "\n" + indent + close));
  }

  private static String text(Object text) {
    return '"' + text.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
