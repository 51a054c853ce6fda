package parley.mikey.sakke;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import parley.kernel.Kernels;

/// The C kernel of `src/main/c`, found on the class path and bound once.
///
/// The handles are constants of the JVM and critical calls, which let no safepoint pass: a formula
/// takes a few microseconds.
final class FieldLibrary {
  /// As in field.h; a library of another version is refused.
  private static final int ABI_VERSION = 1;

  /// Why there is no kernel, in one sentence; null where there is one.
  static final @Nullable String MISSING;

  /// What the processor offers, as `parley_field_tier` counts.
  static final int TIER;

  private static final @Nullable MethodHandle MULTIPLY;
  private static final @Nullable MethodHandle RUN;

  static {
    String missing = null;
    int tier = 0;
    MethodHandle multiply = null;
    MethodHandle run = null;
    try {
      SymbolLookup library = Kernels.load(FieldLibrary.class, "libparley_field.so");
      require((int) bind(library, "abi").invokeExact() == ABI_VERSION);
      tier = (int) bind(library, "tier").invokeExact();
      multiply = arithmetic(library, "multiply", ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
      run = arithmetic(library, "run", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    } catch (Throwable e) { // whatever keeps native code away, Java takes over
      missing =
          "the native kernel cannot be used: " + (e.getMessage() == null ? e : e.getMessage());
    }
    MISSING = missing;
    TIER = tier;
    MULTIPLY = multiply;
    RUN = run;
  }

  private FieldLibrary() {}

  private static void require(boolean sameVersion) throws IOException {
    if (!sameVersion) {
      throw new IOException("the library is of another version than these classes");
    }
  }

  private static MethodHandle bind(SymbolLookup library, String name) {
    return Linker.nativeLinker()
        .downcallHandle(
            library.findOrThrow("parley_field_" + name), FunctionDescriptor.of(JAVA_INT));
  }

  private static MethodHandle arithmetic(
      SymbolLookup library, String name, MemoryLayout... parameters) {
    FunctionDescriptor signature =
        FunctionDescriptor.ofVoid(parameters).insertArgumentLayouts(0, JAVA_INT, ADDRESS);
    return Linker.nativeLinker()
        .downcallHandle(
            library.findOrThrow("parley_field_" + name), signature, Linker.Option.critical(true));
  }

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
      throw new IllegalStateException(MISSING);
    }
    return handle;
  }
}
