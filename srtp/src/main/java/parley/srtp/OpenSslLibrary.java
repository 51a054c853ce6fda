package parley.srtp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The system's libcrypto 3, bound once.
///
/// The handles are constants of the JVM. Those for packets are critical calls, which let no
/// safepoint pass: each does one packet at most, in a few microseconds.
final class OpenSslLibrary {
  /// Octets of `SHA_CTX` (`openssl/sha.h`): five words of state, two of length, a block, a count.
  static final int SHA_OCTETS = 96;

  /// Where the count of octets that wait for a whole block lies in it.
  static final int SHA_WAITING = 92;

  private static final int GET_TAG = 0x10;
  private static final int SET_TAG = 0x11;

  /// Why there is no libcrypto, in one sentence; null where there is one.
  static final @Nullable String MISSING;

  private static final @Nullable MethodHandle FETCH;
  private static final @Nullable MethodHandle CONTEXT_NEW;
  private static final @Nullable MethodHandle CONTEXT_FREE;
  private static final @Nullable MethodHandle INIT;
  private static final @Nullable MethodHandle START;
  private static final @Nullable MethodHandle CIPHER;
  private static final @Nullable MethodHandle CONTROL;
  private static final @Nullable MethodHandle SHA_INIT;
  private static final @Nullable MethodHandle SHA_UPDATE;
  private static final @Nullable MethodHandle ZALLOC;
  private static final @Nullable MethodHandle CLEAR_FREE;

  static {
    String missing = null;
    MethodHandle[] bound = new MethodHandle[11];
    try {
      SymbolLookup library = SymbolLookup.libraryLookup(fileName(), Arena.global());
      bound[0] = slow(library, "EVP_CIPHER_fetch", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
      bound[1] = slow(library, "EVP_CIPHER_CTX_new", JAVA_LONG);
      bound[2] = slow(library, "EVP_CIPHER_CTX_free", null, JAVA_LONG);
      bound[3] = slow(library, "EVP_CipherInit_ex", JAVA_INT, init());
      bound[4] = fast(library, "EVP_CipherInit_ex", JAVA_INT, init());
      bound[5] = fast(library, "EVP_Cipher", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
      bound[6] =
          fast(library, "EVP_CIPHER_CTX_ctrl", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
      bound[7] = slow(library, "SHA1_Init", JAVA_INT, JAVA_LONG);
      bound[8] = fast(library, "SHA1_Update", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
      bound[9] = slow(library, "CRYPTO_zalloc", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
      bound[10] =
          slow(library, "CRYPTO_clear_free", null, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    } catch (RuntimeException
        | LinkageError e) { // whatever keeps it away, another engine takes over
      missing =
          "OpenSSL's %s cannot be used: %s"
              .formatted(fileName(), e.getMessage() == null ? e : e.getMessage());
    }
    MISSING = missing;
    FETCH = bound[0];
    CONTEXT_NEW = bound[1];
    CONTEXT_FREE = bound[2];
    INIT = bound[3];
    START = bound[4];
    CIPHER = bound[5];
    CONTROL = bound[6];
    SHA_INIT = bound[7];
    SHA_UPDATE = bound[8];
    ZALLOC = bound[9];
    CLEAR_FREE = bound[10];
  }

  private OpenSslLibrary() {}

  private static String fileName() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows")) {
      return "libcrypto-3-x64.dll";
    }
    return system.startsWith("mac") ? "libcrypto.3.dylib" : "libcrypto.so.3";
  }

  private static MemoryLayout[] init() {
    return new MemoryLayout[] {JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT};
  }

  private static MethodHandle slow(
      SymbolLookup library,
      String name,
      @Nullable MemoryLayout result,
      MemoryLayout... parameters) {
    FunctionDescriptor signature =
        result == null
            ? FunctionDescriptor.ofVoid(parameters)
            : FunctionDescriptor.of(result, parameters);
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), signature);
  }

  private static MethodHandle fast(
      SymbolLookup library, String name, MemoryLayout result, MemoryLayout... parameters) {
    return Linker.nativeLinker()
        .downcallHandle(
            library.findOrThrow(name),
            FunctionDescriptor.of(result, parameters),
            Linker.Option.critical(false));
  }

  /// The address of an `EVP_CIPHER`; 0 where the library has none of this name.
  static long fetch(String cipher) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) bound(FETCH).invokeExact(0L, arena.allocateFrom(cipher).address(), 0L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// A cipher context for encryption with this key, or 0 where the library refuses.
  static long context(long cipher, MemorySegment key) {
    try {
      long context = (long) bound(CONTEXT_NEW).invokeExact();
      if (context == 0) {
        return 0;
      }
      int done = (int) bound(INIT).invokeExact(context, cipher, 0L, key.address(), 0L, 1);
      if (done != 1) {
        freeContext(context);
        return 0;
      }
      return context;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Zeroes the context's key and gives its memory back.
  static void freeContext(long context) {
    try {
      bound(CONTEXT_FREE).invokeExact(context);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Starts a packet under the context's key: encryption 1, decryption 0.
  static void start(long context, long iv, int encryption) {
    int done;
    try {
      done = (int) bound(START).invokeExact(context, 0L, 0L, 0L, iv, encryption);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    require(done == 1);
  }

  /// `EVP_Cipher`: less than zero for a failure. Associated data with `to` 0, the end with `from`
  /// 0.
  static int cipher(long context, long to, long from, int octets) {
    try {
      return (int) bound(CIPHER).invokeExact(context, to, from, octets);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void tagTo(long context, long tag, int octets) {
    require(control(context, GET_TAG, octets, tag) == 1);
  }

  static void tagFrom(long context, long tag, int octets) {
    require(control(context, SET_TAG, octets, tag) == 1);
  }

  private static int control(long context, int what, int octets, long address) {
    try {
      return (int) bound(CONTROL).invokeExact(context, what, octets, address);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void shaInit(long sha) {
    int done;
    try {
      done = (int) bound(SHA_INIT).invokeExact(sha);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    require(done == 1);
  }

  static void shaUpdate(long sha, long from, long octets) {
    int done;
    try {
      done = (int) bound(SHA_UPDATE).invokeExact(sha, from, octets);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    require(done == 1);
  }

  /// Zeroed memory, to be given back by [#free].
  static long allocate(long octets) {
    try {
      long address = (long) bound(ZALLOC).invokeExact(octets, 0L, 0);
      if (address == 0) {
        throw new OutOfMemoryError("no native memory for an SRTP key");
      }
      return address;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Zeroes the memory and gives it back.
  static void free(long address, long octets) {
    try {
      bound(CLEAR_FREE).invokeExact(address, octets, 0L, 0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void require(boolean done) {
    if (!done) {
      throw new IllegalStateException("OpenSSL failed in the middle of a packet");
    }
  }

  private static MethodHandle bound(@Nullable MethodHandle handle) {
    if (handle == null) {
      throw new IllegalStateException(MISSING);
    }
    return handle;
  }

  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }
}
