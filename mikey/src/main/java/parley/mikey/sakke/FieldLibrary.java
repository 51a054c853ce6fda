package parley.mikey.sakke;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import parley.mikey.MikeyKernel;

/// What the C kernel has for [NativeField], bound once: the handles are constants of the JVM.
final class FieldLibrary {
  static final int TIER = MikeyKernel.TIER;

  private static final @Nullable MethodHandle MULTIPLY;
  private static final @Nullable MethodHandle RUN;

  static {
    boolean there = MikeyKernel.MISSING == null;
    MULTIPLY =
        there
            ? MikeyKernel.arithmetic(
                "parley_field_multiply", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT)
            : null;
    RUN =
        there
            ? MikeyKernel.arithmetic(
                "parley_field_run", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT)
            : null;
  }

  private FieldLibrary() {}

  static void multiply(int tier, MemorySegment field, MemorySegment memory, int to, int a, int b) {
    try {
      bound(MULTIPLY).invokeExact(tier, field, memory, to, a, b);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static void run(
      int tier,
      MemorySegment field,
      MemorySegment steps,
      int count,
      MemorySegment memory,
      int base) {
    try {
      bound(RUN).invokeExact(tier, field, steps, count, memory, base);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle bound(@Nullable MethodHandle handle) {
    if (handle == null) {
      throw new IllegalStateException(MikeyKernel.MISSING);
    }
    return handle;
  }
}
