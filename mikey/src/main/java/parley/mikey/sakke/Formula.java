package parley.mikey.sakke;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A sequence of operations on numbered elements, written once and run by every [Field].
///
/// Each step names the element it writes, then those it reads; all may be the same. What is run
/// depends on nothing but the formula, so its time tells nothing about the elements.
final class Formula {
  /// How many elements a formula may name, from where it is run on.
  static final int ELEMENTS = 24;

  // as the kernel counts them, see field.h
  static final int MULTIPLY = 0;
  static final int SQUARE = 1;
  static final int ADD = 2;
  static final int SUBTRACT = 3;
  static final int COPY = 4;

  private final int[] steps;

  private final MemorySegment segment;

  private Formula(int[] steps) {
    this.steps = steps;
    this.segment = MemorySegment.ofArray(steps);
  }

  static Formula empty() {
    return new Formula(new int[0]);
  }

  Formula multiply(int to, int a, int b) {
    return with(MULTIPLY, to, a, b);
  }

  Formula square(int to, int a) {
    return with(SQUARE, to, a, a);
  }

  Formula add(int to, int a, int b) {
    return with(ADD, to, a, b);
  }

  /// `a - b`.
  Formula subtract(int to, int a, int b) {
    return with(SUBTRACT, to, a, b);
  }

  Formula copy(int to, int a) {
    return with(COPY, to, a, a);
  }

  /// This formula, then that one.
  Formula then(Formula next) {
    int[] both = Arrays.copyOf(steps, steps.length + next.steps.length);
    System.arraycopy(next.steps, 0, both, steps.length, next.steps.length);
    return new Formula(both);
  }

  private Formula with(int operation, int to, int a, int b) {
    int[] longer = Arrays.copyOf(steps, steps.length + 1);
    longer[steps.length] = operation << 24 | element(to) << 16 | element(a) << 8 | element(b);
    return new Formula(longer);
  }

  private static int element(int number) {
    if (number < 0 || number >= ELEMENTS) {
      throw new IllegalArgumentException("a formula has no element " + number);
    }
    return number;
  }

  /// [#steps()] for native code.
  MemorySegment segment() {
    return segment;
  }

  /// `operation << 24 | to << 16 | a << 8 | b`; nobody changes them.
  int[] steps() {
    return steps;
  }
}
