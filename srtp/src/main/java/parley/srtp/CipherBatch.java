package parley.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Work for a [CipherEngine]: one descriptor of 64 octets for each packet, in an array of the heap,
/// which costs a few stores to fill and goes to native code as it is (a critical call).
///
/// ```
///  0  i64 source        where the packet starts in source()
///  8  i64 destination   where the packet starts in destination()
/// 16  i64 key           EngineKey.handle()
/// 24  u8  iv[16]        AES-CM: the first counter block; GCM: 12 octets, then zeros
/// 40  i32 aadOctets     header, in clear, from the packet's start
/// 44  i32 payloadOctets behind the header
/// 48  i32 tagOffset     where the tag lies, counted from the packet's start
/// 52  i32 tagOctets
/// 56  u8  word[4]       authenticated after everything else
/// 60  i16 wordOctets    0 or 4
/// 62  i16 result        PENDING, then OK or BAD_TAG
/// ```
///
/// Integers are little-endian, `iv` and `word` are octets. What is authenticated is header, payload
/// as ciphertext, word: for HMAC-SHA1 the word is the rollover counter, for SRTCP the E flag and
/// index (RFC 3711, 4.2; RFC 7714, 9.2), and AEAD_AES_GCM of SRTP has none. In the associated data
/// of GCM the word follows the header. Source and destination may be the same memory.
///
/// Belongs to one [SrtpTransform] and its thread.
public final class CipherBatch {
  public static final int DESCRIPTOR_OCTETS = 64;

  public static final int PENDING = 0;
  public static final int OK = 1;
  public static final int BAD_TAG = 2;

  private static final int WORDS = DESCRIPTOR_OCTETS / Long.BYTES;
  private static final int DESTINATION = 1;
  private static final int KEY = 2;
  private static final int IV = 3;
  private static final int LENGTHS = 5;
  private static final int TAG = 6;
  private static final int LAST = 7;
  private static final int RESULT_SHIFT = 48;
  private static final long RESULT_MASK = 0xFFFFL << RESULT_SHIFT;

  private final long[] words;
  private final MemorySegment memory;
  private final @Nullable EngineKey[] keys;
  private final boolean keepsKeys;
  private final int[] slots;
  private MemorySegment source = MemorySegment.NULL;
  private MemorySegment destination = MemorySegment.NULL;
  private byte[] workspace = new byte[0];
  private MemorySegment scratch = MemorySegment.NULL;
  private int size;
  private boolean hasExtensions;

  CipherBatch(int capacity) {
    this(capacity, true);
  }

  /// @param keepsKeys whether [#key] will be asked; a reference in an array costs the garbage
  ///   collector's barrier for each packet of another key than the last one in its place
  private CipherBatch(int capacity, boolean keepsKeys) {
    this.keepsKeys = keepsKeys;
    this.words = new long[capacity * WORDS];
    this.memory = MemorySegment.ofArray(words);
    this.keys = new @Nullable EngineKey[capacity];
    this.slots = new int[capacity];
  }

  /// For that engine.
  static CipherBatch of(CipherEngine engine, int capacity) {
    return new CipherBatch(capacity, !engine.worksByHandle());
  }

  /// The descriptors, one behind the other, on the heap.
  public MemorySegment memory() {
    return memory;
  }

  /// The memory that all packets are read from.
  public MemorySegment source() {
    return source;
  }

  /// The memory that all results are written to.
  public MemorySegment destination() {
    return destination;
  }

  public int size() {
    return size;
  }

  int capacity() {
    return keys.length;
  }

  /// The key of a descriptor, for engines that do not work by its handle alone.
  public EngineKey key(int i) {
    EngineKey key = i < size ? keys[i] : null;
    if (key == null) {
      throw new IndexOutOfBoundsException(i);
    }
    return key;
  }

  public long sourceOffset(int i) {
    return words[i * WORDS];
  }

  public long destinationOffset(int i) {
    return words[i * WORDS + DESTINATION];
  }

  /// The first eight octets of the initialisation vector, big-endian.
  public long ivHigh(int i) {
    return Long.reverseBytes(words[i * WORDS + IV]);
  }

  /// The other eight octets, big-endian; for GCM the last four are zero and no part of it.
  public long ivLow(int i) {
    return Long.reverseBytes(words[i * WORDS + IV + 1]);
  }

  public int aadOctets(int i) {
    return (int) words[i * WORDS + LENGTHS];
  }

  public int payloadOctets(int i) {
    return (int) (words[i * WORDS + LENGTHS] >>> 32);
  }

  public int tagOffset(int i) {
    return (int) words[i * WORDS + TAG];
  }

  public int tagOctets(int i) {
    return (int) (words[i * WORDS + TAG] >>> 32);
  }

  /// The authenticated word as a big-endian number; see [#wordOctets].
  public int word(int i) {
    return Integer.reverseBytes((int) words[i * WORDS + LAST]);
  }

  public int wordOctets(int i) {
    return (short) (words[i * WORDS + LAST] >>> 32);
  }

  public int result(int i) {
    return (int) (words[i * WORDS + LAST] >>> RESULT_SHIFT);
  }

  public void result(int i, int result) {
    int at = i * WORDS + LAST;
    words[at] = (words[at] & ~RESULT_MASK) | (long) result << RESULT_SHIFT;
  }

  /// Heap octets for engines that cannot work on direct memory; content undefined, kept between
  /// calls.
  public byte[] workspace(int octets) {
    if (workspace.length < octets) {
      workspace = new byte[Math.max(octets, 2 * workspace.length)];
    }
    return workspace;
  }

  /// Direct octets, aligned to a cache line, for engines that work in steps; content undefined,
  /// kept between calls.
  public MemorySegment scratch(int octets) {
    if (scratch.byteSize() < octets) {
      long room = Math.max(octets, 2 * scratch.byteSize());
      scratch = Arena.ofAuto().allocate(room, DESCRIPTOR_OCTETS);
    }
    return scratch;
  }

  /// Empties the batch and says between which memories the next descriptors move.
  void begin(MemorySegment source, MemorySegment destination) {
    this.source = source;
    this.destination = destination;
    this.size = 0;
    this.hasExtensions = false;
  }

  /// Adds a descriptor for a packet and remembers its slot.
  ///
  /// @param handle the key's
  /// @param ivHigh the first eight octets of the vector, big-endian; `ivLow` the other eight
  /// @param lengths [#pair] of associated data and payload
  /// @param tag [#pair] of the tag's offset and length
  /// @param word [#fourOctets], or 0 where nothing is authenticated behind the payload
  @SuppressWarnings("ReferenceEquality") // to spare the garbage collector's barrier, nothing else
  void add(
      int slot,
      long sourceOffset,
      long destinationOffset,
      EngineKey key,
      long handle,
      long ivHigh,
      long ivLow,
      long lengths,
      long tag,
      long word) {
    int i = size;
    if (keepsKeys && keys[i] != key) {
      keys[i] = key;
    }
    size = i + 1;
    slots[i] = slot;
    int at = i * WORDS;
    words[at] = sourceOffset;
    words[at + DESTINATION] = destinationOffset;
    words[at + KEY] = handle;
    words[at + IV] = Long.reverseBytes(ivHigh);
    words[at + IV + 1] = Long.reverseBytes(ivLow);
    words[at + LENGTHS] = lengths;
    words[at + TAG] = tag;
    words[at + LAST] = word; // and no result yet
  }

  /// Four octets to authenticate behind everything else, given as a big-endian number.
  static long fourOctets(int word) {
    return pair(Integer.reverseBytes(word), 4);
  }

  /// As two integers stand in the memory of a little-endian machine, the only kind that our kernel
  /// is for; other engines ask the methods above.
  static long pair(int first, int second) {
    return (first & 0xFFFF_FFFFL) | (long) second << 32;
  }

  /// Remembers that the header extension of a packet described here has elements to encrypt.
  void noteExtensions() {
    hasExtensions = true;
  }

  boolean hasExtensions() {
    return hasExtensions;
  }

  int slot(int i) {
    return slots[i];
  }
}
