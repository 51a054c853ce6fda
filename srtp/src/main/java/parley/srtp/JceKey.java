package parley.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A key of the [JceEngine]; works on a run of descriptors by way of the batch's heap workspace.
///
/// Closing drops the references: the key octets inside a provider's objects are its own to erase.
sealed interface JceKey extends EngineKey permits JceGcmKey, JceCounterModeKey {
  VarHandle BIG_ENDIAN_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  VarHandle NATIVE_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /// Seals the descriptors from `first` to before `end`, all of this key.
  void seal(CipherBatch descriptors, int first, int end);

  /// Opens them, each for itself; nothing is written to the destination of one that is not
  /// authentic.
  void open(CipherBatch descriptors, int first, int end);

  @Override
  default long handle() {
    return 0;
  }

  static void read(MemorySegment source, long offset, byte[] heap, int at, int octets) {
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, heap, at, octets);
  }

  static void write(byte[] heap, int at, MemorySegment destination, long offset, int octets) {
    MemorySegment.copy(heap, at, destination, ValueLayout.JAVA_BYTE, offset, octets);
  }

  static void putInt(byte[] heap, int at, int value) {
    BIG_ENDIAN_INT.set(heap, at, value);
  }

  static void putLong(byte[] heap, int at, long value) {
    BIG_ENDIAN_LONG.set(heap, at, value);
  }

  /// Exclusive or of two ranges of one array that do not overlap, into the first.
  ///
  /// By longs and not octet by octet: what C2 (JDK 25) makes of the plain loop over one array took
  /// 1.3 ns for each octet, seven times what it took with vectorisation switched off.
  static void xor(byte[] heap, int to, int from, int octets) {
    int whole = octets & -Long.BYTES;
    for (int j = 0; j < whole; j += Long.BYTES) {
      long mixed = (long) NATIVE_LONG.get(heap, to + j) ^ (long) NATIVE_LONG.get(heap, from + j);
      NATIVE_LONG.set(heap, to + j, mixed);
    }
    for (int j = whole; j < octets; j++) {
      heap[to + j] ^= heap[from + j];
    }
  }
}
