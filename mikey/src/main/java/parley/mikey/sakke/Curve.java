package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.P;
import static parley.mikey.sakke.ParameterSet1.Q;

/// What all keys share: arithmetic, the generator P, and the powers of g, its pairing with itself.
/// Thread-safe.
final class Curve {
  private final Field field;
  private final Scalars scalars;
  private final FixedBase generator;
  private final Growing<PowerTable> powers;

  /// Over arithmetic modulo p and modulo q.
  Curve(Field field, Field scalars) {
    this.field = field;
    this.scalars = new Scalars(scalars);
    this.generator =
        new FixedBase(AffinePoint.of(field, ParameterSet1.GENERATOR_X, ParameterSet1.GENERATOR_Y));
    var g = new Elements(field, 1);
    g.load(0, ParameterSet1.G);
    this.powers = new Growing<>(PowerTable.narrow(g), () -> PowerTable.wide(g));
  }

  /// The one of all keys, but for tests and benchmarks.
  static Curve fastest() {
    return Fastest.CURVE;
  }

  Field field() {
    return field;
  }

  Scalars scalars() {
    return scalars;
  }

  FixedBase generator() {
    return generator;
  }

  /// `g^r` as its representative in F_p, 128 octets (RFC 6508, 6.2.1, step 4a).
  byte[] powerOfG(byte[] r) {
    powers.use();
    return (powers.isLarge() ? powers.large() : powers.small()).power(r);
  }

  /// Makes the large tables of P and g here, where they are not there yet.
  void widen() {
    generator.widened();
    powers.large();
  }

  private static final class Fastest {
    static final Curve CURVE = new Curve(Field.of(P), Field.of(Q));
  }
}
