package parley.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Packets side by side in one direct memory, from socket to cipher to socket.
///
/// Slot `i` starts at [#offset], a multiple of 64, and has room for [#slotOctets] octets; behind
/// each slot lie at least 96 octets of slack that an engine may read. Beside the octets a slot has
/// a length, a [CryptoContext] and the results of the last transform: [#verdict] and
/// [#packetIndex].
///
/// Confined to its owner thread and reused for ever: after construction nothing is allocated,
/// except by [#octets]. The memory lives as long as the batch is reachable.
public final class PacketBatch {
  static final int ALIGNMENT = 64;
  static final int SLACK_OCTETS = 96;
  static final long NO_INDEX = -1;

  private final MemorySegment memory;
  private final ByteBuffer buffer;
  private final int slotOctets;
  private final int stride;
  private final int[] lengths;
  private final long[] packetIndexes;
  private final byte[] verdicts;
  private final @Nullable CryptoContext[] contexts;
  private int size;

  private PacketBatch(int capacity, int slotOctets, int stride, MemorySegment memory) {
    this.slotOctets = slotOctets;
    this.stride = stride;
    this.memory = memory;
    this.buffer = memory.asByteBuffer().order(ByteOrder.BIG_ENDIAN);
    this.lengths = new int[capacity];
    this.packetIndexes = new long[capacity];
    this.verdicts = new byte[capacity];
    this.contexts = new @Nullable CryptoContext[capacity];
    Arrays.fill(packetIndexes, NO_INDEX);
    Arrays.fill(verdicts, Verdict.NO_CONTEXT.code());
  }

  /// An empty batch of `capacity` slots, each for a packet of up to `slotOctets` octets, trailer
  /// included.
  public static PacketBatch allocate(int capacity, int slotOctets) {
    if (capacity < 1 || slotOctets < 1 || slotOctets > 65_536) {
      throw new IllegalArgumentException(
          "a batch of %d slots of %d octets".formatted(capacity, slotOctets));
    }
    int stride = (slotOctets + SLACK_OCTETS + ALIGNMENT - 1) & -ALIGNMENT;
    int total = Math.multiplyExact(capacity, stride);
    return new PacketBatch(capacity, slotOctets, stride, Arena.ofAuto().allocate(total, ALIGNMENT));
  }

  /// The whole memory; slot `i` is `[offset(i), offset(i) + length(i))` of it.
  public MemorySegment memory() {
    return memory;
  }

  /// The same memory as one big-endian buffer, always this object; use absolute positions.
  public ByteBuffer buffer() {
    return buffer;
  }

  public int capacity() {
    return lengths.length;
  }

  public int slotOctets() {
    return slotOctets;
  }

  /// Slots in use: `0` to `size() - 1`.
  public int size() {
    return size;
  }

  /// Forgets all slots and their contexts; the octets stay until they are overwritten.
  public void clear() {
    Arrays.fill(contexts, 0, size, null);
    size = 0;
  }

  /// Where the slot's packet starts in [#memory].
  public int offset(int slot) {
    return Objects.checkIndex(slot, lengths.length) * stride;
  }

  public int length(int slot) {
    return lengths[slot];
  }

  public void length(int slot, int octets) {
    if (octets < 0 || octets > slotOctets) {
      throw new IllegalArgumentException(
          "a slot has 0 to " + slotOctets + " octets, not " + octets);
    }
    lengths[slot] = octets;
  }

  /// Takes the next slot for a packet of `octets` octets, without context or results, and returns
  /// its number.
  ///
  /// @throws IllegalStateException when all slots are taken
  public int add(int octets) {
    if (size == lengths.length) {
      throw new IllegalStateException("all " + size + " slots of the batch are taken");
    }
    length(size, octets);
    contexts[size] = null;
    verdicts[size] = Verdict.NO_CONTEXT.code();
    packetIndexes[size] = NO_INDEX;
    return size++;
  }

  /// What the last transform said of this slot; [Verdict#NO_CONTEXT] before the first.
  public Verdict verdict(int slot) {
    return Verdict.of(verdicts[slot]);
  }

  /// The 48-bit SRTP or 31-bit SRTCP index that the last transform used or estimated; -1 for none.
  public long packetIndex(int slot) {
    return packetIndexes[slot];
  }

  /// Gives the index under which a re-keying sender shall protect this slot.
  public void packetIndex(int slot, long index) {
    packetIndexes[slot] = index;
  }

  @SuppressWarnings("ReferenceEquality") // to spare the garbage collector's barrier, nothing else
  public void context(int slot, @Nullable CryptoContext context) {
    if (contexts[slot] != context) {
      contexts[slot] = context;
    }
  }

  public @Nullable CryptoContext context(int slot) {
    return contexts[slot];
  }

  /// Copies octets, length and index (not the context) to a slot of another batch, or of this one.
  public void copy(int slot, PacketBatch to, int toSlot) {
    to.length(toSlot, lengths[slot]);
    MemorySegment.copy(memory, offset(slot), to.memory, to.offset(toSlot), lengths[slot]);
    to.packetIndexes[toSlot] = packetIndexes[slot];
  }

  /// A copy of the slot's octets; allocates, so not for the data path.
  public byte[] octets(int slot) {
    byte[] octets = new byte[lengths[slot]];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset(slot), octets, 0, octets.length);
    return octets;
  }

  /// Takes a slot for these octets and returns its number; a convenience beside the data path.
  public int add(byte[] octets) {
    int slot = add(octets.length);
    MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, offset(slot), octets.length);
    return slot;
  }

  void verdict(int slot, Verdict verdict) {
    verdicts[slot] = verdict.code();
  }

  /// Tells another batch of the same size what the transform said of each slot; itself it need not
  /// tell.
  void copyResults(PacketBatch to) {
    if (to != this) {
      System.arraycopy(verdicts, 0, to.verdicts, 0, size);
      System.arraycopy(packetIndexes, 0, to.packetIndexes, 0, size);
    }
  }

  /// Makes this batch as long as the one it shall receive the results of, each slot empty and
  /// without a result; contexts stay.
  void emptyLike(PacketBatch from) {
    if (from.size > lengths.length) {
      throw new IllegalArgumentException(
          "%d packets do not fit a batch of %d".formatted(from.size, lengths.length));
    }
    Arrays.fill(contexts, Math.min(size, from.size), size, null);
    size = from.size;
    Arrays.fill(lengths, 0, size, 0);
    Arrays.fill(verdicts, 0, size, Verdict.NO_CONTEXT.code());
    Arrays.fill(packetIndexes, 0, size, NO_INDEX);
  }
}
