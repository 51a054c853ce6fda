package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;

import java.util.Optional;

/// Arithmetic modulo q on 128 octets, in times that do not depend on them. Thread-safe.
final class Scalars {
  private static final Formula SUM = Formula.empty().add(0, 0, 1);

  private final Field field;

  Scalars(Field field) {
    this.field = field;
  }

  /// The number modulo q.
  byte[] reduced(byte[] number) {
    try (var elements = new Elements(field, 1)) {
      elements.load(0, number, 0);
      return octets(elements);
    }
  }

  byte[] product(byte[] a, byte[] b) {
    try (var elements = new Elements(field, 2)) {
      elements.load(0, a, 0);
      elements.load(1, b, 0);
      elements.multiply(0, 0, 1);
      return octets(elements);
    }
  }

  /// `(a + b)^-1`, where there is one.
  Optional<byte[]> inverseOfSum(byte[] a, byte[] b) {
    try (var elements = new Elements(field, 2)) {
      elements.load(0, a, 0);
      elements.load(1, b, 0);
      elements.run(SUM, 0);
      return elements.invert(0) ? Optional.of(octets(elements)) : Optional.empty();
    }
  }

  private static byte[] octets(Elements elements) {
    var octets = new byte[FIELD_OCTETS];
    elements.store(0, octets, 0);
    return octets;
  }
}
