package parley.mikey;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import parley.kernel.Kernels;

/// The C kernel of `src/main/c`, found on the class path once; for the packages of this module.
public final class MikeyKernel {
  /// As in field.h; a library of another version is refused.
  private static final int ABI_VERSION = 3;

  private static final @Nullable SymbolLookup LIBRARY;

  /// Why there is no kernel, in one sentence; null where there is one.
  public static final @Nullable String MISSING;

  /// What the processor offers, as `parley_field_tier` counts; 0 where there is no kernel.
  public static final int TIER;

  static {
    SymbolLookup library = null;
    String missing = null;
    int tier = 0;
    try {
      library = Kernels.load(MikeyKernel.class, "libparley_mikey.so");
      int version = (int) number(library, "parley_mikey_abi").invokeExact();
      if (version != ABI_VERSION) {
        throw new IOException("the library is of another version than these classes");
      }
      tier = (int) number(library, "parley_field_tier").invokeExact();
    } catch (Throwable e) { // whatever keeps native code away, Java takes over
      library = null;
      missing =
          "the native kernel cannot be used: " + (e.getMessage() == null ? e : e.getMessage());
    }
    LIBRARY = library;
    MISSING = missing;
    TIER = tier;
  }

  private MikeyKernel() {}

  private static MethodHandle number(SymbolLookup library, String name) {
    return Linker.nativeLinker()
        .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(JAVA_INT));
  }

  /// A function that computes on arrays, without a result. Its calls let no safepoint pass, so they
  /// have to be short.
  ///
  /// @throws IllegalStateException where there is no kernel
  public static MethodHandle arithmetic(String name, MemoryLayout... parameters) {
    return Linker.nativeLinker()
        .downcallHandle(
            bound().findOrThrow(name),
            FunctionDescriptor.ofVoid(parameters),
            Linker.Option.critical(true));
  }

  private static SymbolLookup bound() {
    if (LIBRARY == null) {
      throw new IllegalStateException(MISSING);
    }
    return LIBRARY;
  }
}
