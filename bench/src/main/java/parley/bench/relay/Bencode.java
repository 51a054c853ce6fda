package parley.bench.relay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Bencoding as far as rtpengine's NG protocol needs it: dictionaries, lists, strings, integers.
/// Strings are Latin-1.
final class Bencode {
  private final String text;
  private int at;

  private Bencode(String text) {
    this.text = text;
  }

  static byte[] write(Object value) {
    var out = new StringBuilder();
    write(value, out);
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case String text -> out.append(text.length()).append(':').append(text);
      case Integer number -> out.append('i').append(number).append('e');
      case List<?> list -> {
        out.append('l');
        list.forEach(item -> write(item, out));
        out.append('e');
      }
      case Map<?, ?> map -> {
        out.append('d');
        map.forEach((key, item) -> {
          write(key, out);
          write(item, out);
        });
        out.append('e');
      }
      default -> throw new IllegalArgumentException("no bencoding of " + value.getClass());
    }
  }

  /// A `Map`, `List`, `String` or `Long`.
  ///
  /// @throws IllegalArgumentException where the text is cut or something else
  static Object read(String text) {
    return new Bencode(text).value();
  }

  private Object value() {
    char c = peek();
    return switch (c) {
      case 'd' -> map();
      case 'l' -> list();
      case 'i' -> {
        at++;
        yield Long.valueOf(until('e'));
      }
      default -> string();
    };
  }

  private Map<String, Object> map() {
    at++;
    Map<String, Object> map = new TreeMap<>();
    while (peek() != 'e') {
      String key = string();
      map.put(key, value());
    }
    at++;
    return map;
  }

  private List<Object> list() {
    at++;
    List<Object> list = new ArrayList<>();
    while (peek() != 'e') {
      list.add(value());
    }
    at++;
    return list;
  }

  private String string() {
    int octets = Integer.parseInt(until(':'));
    if (octets < 0 || octets > text.length() - at) {
      throw new IllegalArgumentException("cut off at " + at);
    }
    at += octets;
    return text.substring(at - octets, at);
  }

  private String until(char end) {
    int stop = text.indexOf(end, at);
    if (stop < 0) {
      throw new IllegalArgumentException("no " + end + " behind " + at);
    }
    String found = text.substring(at, stop);
    at = stop + 1;
    return found;
  }

  private char peek() {
    if (at >= text.length()) {
      throw new IllegalArgumentException("cut off at " + at);
    }
    return text.charAt(at);
  }
}
