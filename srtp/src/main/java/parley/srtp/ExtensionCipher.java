package parley.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Encrypts and decrypts chosen elements in the header extensions of a batch (RFC 6904), in one
/// call of the engine.
///
/// The engine enciphers each extension whole, to memory laid out like the packets'; then the data
/// of the chosen elements changes places with what lies there. Belongs to one [SrtpTransform],
/// which makes it when it meets the first context with encrypted extensions.
final class ExtensionCipher {
  private final CipherEngine engine;
  private final CipherBatch descriptors;
  private final SrtpContext[] contexts;
  private MemorySegment enciphered = MemorySegment.NULL;

  ExtensionCipher(CipherEngine engine, int capacity) {
    this.engine = engine;
    this.descriptors = CipherBatch.of(engine, capacity);
    this.contexts = new SrtpContext[capacity];
  }

  void begin(MemorySegment packets) {
    if (enciphered.byteSize() < packets.byteSize()) {
      enciphered = Arena.ofAuto().allocate(packets.byteSize(), PacketBatch.ALIGNMENT);
    }
    descriptors.begin(packets, enciphered);
  }

  /// Adds a packet whose header was checked, if it has extension elements.
  void add(int slot, long offset, SrtpContext context, SessionKey key, long index) {
    MemorySegment packets = descriptors.source();
    int elements = HeaderExtension.elementsAt(packets, offset);
    if (elements < 0) {
      return;
    }
    int i = descriptors.size();
    descriptors.add(
        slot,
        offset,
        offset,
        key.engineKey(),
        key.handle(),
        key.ivHigh(context.ssrc(), index),
        key.ivLow(index),
        CipherBatch.pair(elements, HeaderExtension.elementsOctets(packets, offset)),
        0,
        0);
    contexts[i] = context;
  }

  /// Enciphers, which is also to decipher, the chosen elements of all packets added.
  void apply() {
    engine.seal(descriptors);
    for (int i = 0; i < descriptors.size(); i++) {
      if (descriptors.result(i) != CipherBatch.OK) {
        throw new IllegalStateException("engine " + engine.name() + " left an extension in clear");
      }
    }
    exchange();
  }

  /// Brings the extensions to a batch that has the packets' headers already.
  void copyTo(PacketBatch to) {
    for (int i = 0; i < descriptors.size(); i++) {
      int elements = descriptors.aadOctets(i);
      MemorySegment.copy(
          descriptors.source(),
          descriptors.sourceOffset(i) + elements,
          to.memory(),
          (long) to.offset(descriptors.slot(i)) + elements,
          descriptors.payloadOctets(i));
    }
  }

  /// Brings back what stood there before [#apply].
  void undo() {
    exchange();
  }

  private void exchange() {
    for (int i = 0; i < descriptors.size(); i++) {
      HeaderExtension.exchange(
          descriptors.source(),
          descriptors.sourceOffset(i),
          enciphered,
          descriptors.destinationOffset(i),
          contexts[i].session().policy().encryptedExtensions());
    }
  }
}
