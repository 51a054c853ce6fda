package parley.srtp;

import java.lang.ref.Cleaner;

/// An expanded key in native memory, zeroed and given back when it is closed, or at last when
/// nobody can reach it any more.
final class NativeKey implements EngineKey {
  private static final Cleaner CLEANER = Cleaner.create();

  /// Apart from the key, so that it does not keep it alive.
  private record Memory(long address) implements Runnable {
    @Override
    public void run() {
      NativeLibrary.free(address);
    }
  }

  private final Cleaner.Cleanable memory;
  private long handle;

  NativeKey(long address) {
    handle = address;
    memory = CLEANER.register(this, new Memory(address));
  }

  @Override
  public long handle() {
    return handle;
  }

  @Override
  public void close() {
    handle = 0;
    memory.clean();
  }
}
