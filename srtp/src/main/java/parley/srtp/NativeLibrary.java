package parley.srtp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
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
/// The handles are constants of the JVM: a call costs a few nanoseconds. Those for packets are
/// critical calls, which let no safepoint pass; a batch takes a few microseconds.
final class NativeLibrary {
  /// As in kernel.h; a library of another version is refused.
  private static final int ABI_VERSION = 1;

  private static final String FILE = "libparley_srtp.so";

  /// Why there is no kernel, in one sentence; null where there is one.
  static final @Nullable String MISSING;

  /// What the processor offers, the bits of `parley_srtp_features`.
  static final int FEATURES;

  private static final @Nullable MethodHandle KEY;
  private static final @Nullable MethodHandle KEY_FREE;
  private static final @Nullable MethodHandle SEAL;
  private static final @Nullable MethodHandle OPEN;

  static {
    String missing = null;
    int features = 0;
    MethodHandle key = null;
    MethodHandle free = null;
    MethodHandle seal = null;
    MethodHandle open = null;
    try {
      SymbolLookup library = Kernels.load(NativeLibrary.class, FILE);
      require((int) bind(library, "abi", JAVA_INT).invokeExact() == ABI_VERSION);
      features = (int) bind(library, "features", JAVA_INT).invokeExact();
      key = bind(library, "key", JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
      free = bind(library, "key_free", null, JAVA_LONG);
      seal = packets(library, "seal");
      open = packets(library, "open");
    } catch (Throwable e) { // whatever keeps native code away, another engine takes over
      missing = "the native kernel cannot be used: " + reason(e);
    }
    MISSING = missing;
    FEATURES = features;
    KEY = key;
    KEY_FREE = free;
    SEAL = seal;
    OPEN = open;
  }

  private NativeLibrary() {}

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private static void require(boolean sameVersion) throws IOException {
    if (!sameVersion) {
      throw new IOException("the library is of another version than these classes");
    }
  }

  private static MethodHandle packets(SymbolLookup library, String name) {
    FunctionDescriptor signature =
        FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG);
    return Linker.nativeLinker()
        .downcallHandle(
            library.findOrThrow("parley_srtp_" + name), signature, Linker.Option.critical(true));
  }

  private static MethodHandle bind(
      SymbolLookup library,
      String name,
      @Nullable MemoryLayout result,
      MemoryLayout... parameters) {
    FunctionDescriptor signature =
        result == null
            ? FunctionDescriptor.ofVoid(parameters)
            : FunctionDescriptor.of(result, parameters);
    return Linker.nativeLinker()
        .downcallHandle(library.findOrThrow("parley_srtp_" + name), signature);
  }

  /// The address of an expanded key, which [#free] zeroes and gives back.
  static long key(int tier, int cipher, byte[] encryptionKey, byte[] authenticationKey) {
    try (Arena arena = Arena.ofConfined()) {
      var octets = arena.allocate(Math.max(1, encryptionKey.length));
      var auth = arena.allocate(Math.max(1, authenticationKey.length));
      octets.copyFrom(MemorySegment.ofArray(encryptionKey));
      auth.copyFrom(MemorySegment.ofArray(authenticationKey));
      try {
        long address =
            (long) bound(KEY).invokeExact(tier, cipher, octets, encryptionKey.length, auth);
        if (address == 0) {
          throw new OutOfMemoryError("no native memory for an SRTP key");
        }
        return address;
      } finally {
        octets.fill((byte) 0);
        auth.fill((byte) 0);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static void free(long key) {
    try {
      bound(KEY_FREE).invokeExact(key);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static void seal(int tier, MemorySegment descriptors, int count, long source, long destination) {
    try {
      bound(SEAL).invokeExact(tier, descriptors, count, source, destination);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static void open(int tier, MemorySegment descriptors, int count, long source, long destination) {
    try {
      bound(OPEN).invokeExact(tier, descriptors, count, source, destination);
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
