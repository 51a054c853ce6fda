package parley.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A key of the [JceEngine]; works on a run of descriptors by way of the batch's heap workspace.
///
/// Closing drops the references: the key octets inside a provider's objects are its own to erase.
sealed interface JceKey extends EngineKey permits JceGcmKey, JceCounterModeKey {
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
    heap[at] = (byte) (value >>> 24);
    heap[at + 1] = (byte) (value >>> 16);
    heap[at + 2] = (byte) (value >>> 8);
    heap[at + 3] = (byte) value;
  }

  static void putLong(byte[] heap, int at, long value) {
    putInt(heap, at, (int) (value >>> 32));
    putInt(heap, at + 4, (int) value);
  }
}
