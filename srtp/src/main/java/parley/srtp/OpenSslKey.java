package parley.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;

/// A key of the [OpenSslEngine]: an OpenSSL cipher context and, for HMAC-SHA1, the states behind
/// the first block of inner and outer hash (RFC 2104), all in OpenSSL's memory.
///
/// Zeroed and given back when it is closed, or at last when nobody can reach it any more.
final class OpenSslKey implements EngineKey {
  enum Kind {
    GCM,
    /// AES-CM with HMAC-SHA1.
    HMAC,
    /// AES-CM alone.
    STREAM
  }

  /// SHA-1's five words of state.
  static final int STATE_OCTETS = 20;

  private static final int BLOCK_OCTETS = 64;
  private static final Cleaner CLEANER = Cleaner.create();

  /// Apart from the key, so that it does not keep it alive. `states` may be 0.
  private record Memory(long context, long states) implements Runnable {
    @Override
    public void run() {
      OpenSslLibrary.freeContext(context);
      if (states != 0) {
        OpenSslLibrary.free(states, 2 * STATE_OCTETS);
      }
    }
  }

  private final Kind kind;
  private final Cleaner.Cleanable memory;
  private final MemorySegment states;
  private long context;

  private OpenSslKey(Kind kind, long context, long states) {
    this.kind = kind;
    this.context = context;
    this.states = MemorySegment.ofAddress(states).reinterpret(2 * STATE_OCTETS);
    this.memory = CLEANER.register(this, new Memory(context, states));
  }

  /// @throws IllegalStateException where the library refuses the key
  static OpenSslKey of(Kind kind, long cipher, byte[] key, byte[] authenticationKey) {
    long context;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment octets = arena.allocate(Math.max(1, key.length));
      octets.asByteBuffer().put(key);
      context = OpenSslLibrary.context(cipher, octets);
      octets.fill((byte) 0);
    }
    if (context == 0) {
      throw new IllegalStateException("OpenSSL refuses a key of " + key.length + " octets");
    }
    return new OpenSslKey(kind, context, kind == Kind.HMAC ? states(authenticationKey) : 0);
  }

  private static long states(byte[] authenticationKey) {
    long states = OpenSslLibrary.allocate(2 * STATE_OCTETS);
    padState(authenticationKey, (byte) 0x36, states);
    padState(authenticationKey, (byte) 0x5c, states + STATE_OCTETS);
    return states;
  }

  private static void padState(byte[] key, byte pad, long state) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sha = arena.allocate(OpenSslLibrary.SHA_OCTETS, 8);
      MemorySegment block = arena.allocate(BLOCK_OCTETS).fill(pad);
      for (int i = 0; i < key.length; i++) {
        block.set(ValueLayout.JAVA_BYTE, i, (byte) (key[i] ^ pad));
      }
      OpenSslLibrary.shaInit(sha.address());
      OpenSslLibrary.shaUpdate(sha.address(), block.address(), BLOCK_OCTETS);
      MemorySegment.ofAddress(state)
          .reinterpret(STATE_OCTETS)
          .copyFrom(sha.asSlice(0, STATE_OCTETS));
      sha.fill((byte) 0);
      block.fill((byte) 0);
    }
  }

  Kind kind() {
    return kind;
  }

  /// The address of the cipher context.
  ///
  /// @throws IllegalStateException when the key is closed
  long context() {
    if (context == 0) {
      throw new IllegalStateException("the key is closed");
    }
    return context;
  }

  /// The state of the inner hash, then that of the outer; only while [#context] gives one.
  MemorySegment states() {
    return states;
  }

  @Override
  public long handle() {
    return context;
  }

  @Override
  public void close() {
    context = 0;
    memory.clean();
  }
}
