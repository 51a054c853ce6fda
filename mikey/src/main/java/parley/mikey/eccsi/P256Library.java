package parley.mikey.eccsi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parley.mikey.MikeyKernel;

/// What the C kernel has for P-256, bound once: the handles are constants of the JVM.
///
/// Points of tables are 8 words, x and y in the kernel's form; all others come and go as
/// [PointSum]'s.
final class P256Library {
  static final boolean IS_THERE = MikeyKernel.MISSING == null;

  /// Longs of an element in the kernel's form.
  static final int WORDS = 4;

  private static final int AFFINE = 2 * WORDS;

  /// That the kernel has room for: of a row, or of the teeth of a comb and their doubles.
  private static final int MOST_POINTS = 64;

  private static final @Nullable MethodHandle ADD =
      bind(
          "parley_p256_add",
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT);
  private static final @Nullable MethodHandle TABLE =
      bind("parley_p256_table", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
  private static final @Nullable MethodHandle COMB =
      bind("parley_p256_comb", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final @Nullable MethodHandle COMPUTE =
      bind("parley_p256_compute", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
  private static final @Nullable MethodHandle INVERT = bind("parley_invert", ADDRESS, ADDRESS);

  private P256Library() {}

  private static @Nullable MethodHandle bind(String name, MemoryLayout... parameters) {
    return IS_THERE ? MikeyKernel.arithmetic(name, parameters) : null;
  }

  /// As [PointSum#add]; `begun` is 1 or 0.
  static void add(
      Adder adder,
      long[] sum,
      int begun,
      long[] points,
      Digits digits,
      int doublings,
      int rows,
      boolean hidden) {
    Objects.checkFromIndexSize(0, PointSum.JACOBIAN, sum.length);
    if (rows < 1 || rows * digits.choices() * AFFINE > points.length) {
      throw new IllegalArgumentException("no table of %d rows".formatted(rows));
    }
    try {
      bound(ADD)
          .invokeExact(
              adder.tier,
              MemorySegment.ofArray(sum),
              begun,
              MemorySegment.ofArray(points),
              MemorySegment.ofArray(digits.octets()),
              digits.count(),
              doublings,
              rows,
              digits.choices(),
              hidden ? 1 : 0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// `rows` rows of odd multiples of an affine point, each that of its 2^width-fold.
  static long[] table(Adder adder, long[] base, int width, int rows) {
    var table = new long[rows * choices(base, width) * AFFINE];
    try {
      bound(TABLE)
          .invokeExact(
              adder.tier, MemorySegment.ofArray(table), MemorySegment.ofArray(base), width, rows);
      return table;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// `rows` rows of sums and differences of an affine point times powers of two `spacing` apart,
  /// each having the next of them.
  static long[] comb(Adder adder, long[] base, int width, int rows, int spacing) {
    if (rows < 1 || 2 * rows * width > MOST_POINTS) {
      throw new IllegalArgumentException("no comb of %d rows".formatted(rows));
    }
    var comb = new long[rows * choices(base, width) * AFFINE];
    try {
      bound(COMB)
          .invokeExact(
              adder.tier,
              MemorySegment.ofArray(comb),
              MemorySegment.ofArray(base),
              width,
              rows,
              spacing);
      return comb;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static int choices(long[] base, int width) {
    Objects.checkFromIndexSize(0, PointSum.AFFINE, base.length);
    if (width < 2 || width > Integer.SIZE || 1L << (width - 1) > MOST_POINTS) {
      throw new IllegalArgumentException("no table for digits of %d bits".formatted(width));
    }
    return 1 << (width - 1);
  }

  /// `a b`, `a^2`, `a + b` and `a - b` in the kernel's form, one behind the other.
  static long[] compute(Adder adder, long[] a, long[] b) {
    Objects.checkFromIndexSize(0, WORDS, Math.min(a.length, b.length));
    var to = new long[4 * WORDS];
    try {
      bound(COMPUTE)
          .invokeExact(
              adder.tier,
              MemorySegment.ofArray(to),
              MemorySegment.ofArray(a),
              MemorySegment.ofArray(b));
      return to;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// As [OddModulus#invert]; the modulus is 4 words, the lowest first.
  static void invert(byte[] octets, long[] modulus) {
    Objects.checkFromIndexSize(0, OddModulus.OCTETS, octets.length);
    Objects.checkFromIndexSize(0, WORDS, modulus.length);
    try {
      bound(INVERT).invokeExact(MemorySegment.ofArray(octets), MemorySegment.ofArray(modulus));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static MethodHandle bound(@Nullable MethodHandle handle) {
    if (handle == null) {
      throw new IllegalStateException(MikeyKernel.MISSING);
    }
    return handle;
  }

  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }
}
