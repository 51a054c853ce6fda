package parley.mikey.eccsi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import parley.mikey.MikeyKernel;

/// What the C kernel has for [PointSum], bound once: the handle is a constant of the JVM.
final class P256Library {
  static final boolean IS_THERE = MikeyKernel.MISSING == null;

  private static final @Nullable MethodHandle ADD =
      IS_THERE
          ? MikeyKernel.arithmetic(
              "parley_p256_add",
              ADDRESS,
              JAVA_INT,
              ADDRESS,
              ADDRESS,
              JAVA_INT,
              JAVA_INT,
              JAVA_INT,
              JAVA_INT)
          : null;

  private P256Library() {}

  /// As [PointSum#add]; `begun` is 1 or 0.
  static void add(
      long[] sum, int begun, long[] points, byte[] digits, int doublings, int row, int choices) {
    MethodHandle handle = ADD;
    if (handle == null) {
      throw new IllegalStateException(MikeyKernel.MISSING);
    }
    try {
      handle.invokeExact(
          MemorySegment.ofArray(sum),
          begun,
          MemorySegment.ofArray(points),
          MemorySegment.ofArray(digits),
          digits.length,
          doublings,
          row,
          choices);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
