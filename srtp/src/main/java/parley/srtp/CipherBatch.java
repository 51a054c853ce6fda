package parley.srtp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Work for a [CipherEngine]: one descriptor of 64 octets for each packet, in direct memory.
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
/// Integers are in the machine's order, `iv` and `word` are octets. What is authenticated is
/// header, payload as ciphertext, word: for HMAC-SHA1 the word is the rollover counter, for SRTCP
/// the E flag and index (RFC 3711, 4.2; RFC 7714, 9.2), and AEAD_AES_GCM of SRTP has none. In the
/// associated data of GCM the word follows the header. Source and destination may be the same
/// memory.
///
/// Belongs to one [SrtpTransform] and its thread.
public final class CipherBatch {
  public static final int DESCRIPTOR_OCTETS = 64;

  public static final int PENDING = 0;
  public static final int OK = 1;
  public static final int BAD_TAG = 2;

  private static final int DESTINATION = 8;
  private static final int KEY = 16;
  private static final int IV = 24;
  private static final int AAD_OCTETS = 40;
  private static final int PAYLOAD_OCTETS = 44;
  private static final int TAG_OFFSET = 48;
  private static final int TAG_OCTETS = 52;
  private static final int WORD = 56;
  private static final int WORD_OCTETS = 60;
  private static final int RESULT = 62;

  private final MemorySegment memory;
  private final @Nullable EngineKey[] keys;
  private final int[] slots;
  private MemorySegment source = MemorySegment.NULL;
  private MemorySegment destination = MemorySegment.NULL;
  private byte[] workspace = new byte[0];
  private MemorySegment scratch = MemorySegment.NULL;
  private int size;
  private boolean hasExtensions;

  CipherBatch(int capacity) {
    this.memory = Arena.ofAuto().allocate((long) capacity * DESCRIPTOR_OCTETS, DESCRIPTOR_OCTETS);
    this.keys = new @Nullable EngineKey[capacity];
    this.slots = new int[capacity];
  }

  /// The descriptors, one behind the other.
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

  public EngineKey key(int i) {
    EngineKey key = i < size ? keys[i] : null;
    if (key == null) {
      throw new IndexOutOfBoundsException(i);
    }
    return key;
  }

  public long sourceOffset(int i) {
    return memory.get(JAVA_LONG, at(i));
  }

  public long destinationOffset(int i) {
    return memory.get(JAVA_LONG, at(i) + DESTINATION);
  }

  /// The first eight octets of the initialisation vector, big-endian.
  public long ivHigh(int i) {
    return memory.get(RtpPacket.LONG, at(i) + IV);
  }

  /// The other eight octets, big-endian; for GCM the last four are zero and no part of it.
  public long ivLow(int i) {
    return memory.get(RtpPacket.LONG, at(i) + IV + 8);
  }

  public int aadOctets(int i) {
    return memory.get(JAVA_INT, at(i) + AAD_OCTETS);
  }

  public int payloadOctets(int i) {
    return memory.get(JAVA_INT, at(i) + PAYLOAD_OCTETS);
  }

  public int tagOffset(int i) {
    return memory.get(JAVA_INT, at(i) + TAG_OFFSET);
  }

  public int tagOctets(int i) {
    return memory.get(JAVA_INT, at(i) + TAG_OCTETS);
  }

  /// The authenticated word as a big-endian number; see [#wordOctets].
  public int word(int i) {
    return memory.get(RtpPacket.INT, at(i) + WORD);
  }

  public int wordOctets(int i) {
    return memory.get(JAVA_SHORT, at(i) + WORD_OCTETS);
  }

  public int result(int i) {
    return memory.get(JAVA_SHORT, at(i) + RESULT);
  }

  public void result(int i, int result) {
    memory.set(JAVA_SHORT, at(i) + RESULT, (short) result);
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

  /// Where the initialisation vector lies: 12 or 16 octets.
  long ivAddress(int i) {
    return memory.address() + at(i) + IV;
  }

  /// Where the authenticated word lies.
  long wordAddress(int i) {
    return memory.address() + at(i) + WORD;
  }

  /// Empties the batch and says between which memories the next descriptors move.
  void begin(MemorySegment source, MemorySegment destination) {
    this.source = source;
    this.destination = destination;
    this.size = 0;
    this.hasExtensions = false;
  }

  /// Adds a descriptor for a packet and remembers its slot; lengths and vector follow by the
  /// methods below.
  @SuppressWarnings("ReferenceEquality") // to spare the garbage collector's barrier, nothing else
  int add(int slot, long sourceOffset, long destinationOffset, EngineKey key) {
    int i = size++;
    if (keys[i] != key) {
      keys[i] = key;
    }
    slots[i] = slot;
    memory.set(JAVA_LONG, at(i), sourceOffset);
    memory.set(JAVA_LONG, at(i) + DESTINATION, destinationOffset);
    memory.set(JAVA_LONG, at(i) + KEY, key.handle());
    result(i, PENDING);
    return i;
  }

  void iv(int i, long high, long low) {
    memory.set(RtpPacket.LONG, at(i) + IV, high);
    memory.set(RtpPacket.LONG, at(i) + IV + 8, low);
  }

  void lengths(int i, int aadOctets, int payloadOctets) {
    memory.set(JAVA_INT, at(i) + AAD_OCTETS, aadOctets);
    memory.set(JAVA_INT, at(i) + PAYLOAD_OCTETS, payloadOctets);
  }

  void tag(int i, int tagOffset, int tagOctets) {
    memory.set(JAVA_INT, at(i) + TAG_OFFSET, tagOffset);
    memory.set(JAVA_INT, at(i) + TAG_OCTETS, tagOctets);
  }

  void word(int i, int word, boolean present) {
    memory.set(RtpPacket.INT, at(i) + WORD, word);
    memory.set(JAVA_SHORT, at(i) + WORD_OCTETS, (short) (present ? 4 : 0));
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

  private static long at(int i) {
    return (long) i * DESCRIPTOR_OCTETS;
  }
}
