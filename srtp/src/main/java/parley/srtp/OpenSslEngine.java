package parley.srtp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/// The engine over the system's OpenSSL: fast on every architecture that OpenSSL has assembly for,
/// without any native code of our own.
///
/// A key's cipher context is made once; a packet costs five or six calls and no allocation. AES-CM
/// enciphers its counter blocks in one call, because that needs no new start for each packet.
/// HMAC-SHA1 begins with the saved states behind the key's pads, and pads the last block itself: it
/// writes the state words of `SHA_CTX`, whose layout OpenSSL's header publishes. The self-test of
/// [CipherEngines] would notice if that ever changed.
///
/// Scratch memory: `SHA_CTX`, vector and word, the last two blocks of the inner hash, the block of
/// the outer, the MAC; then key stream or plaintext.
final class OpenSslEngine implements CipherEngine {
  private static final int SHA = 0;
  private static final int VECTOR = 96;
  private static final int WORD = 112;
  private static final int TAIL = 128;
  private static final int TAIL_OCTETS = 128;
  private static final int OUTER = 256;
  private static final int MAC = 320;
  private static final int REST = 384;

  private static final int AES_BLOCK = 16;
  private static final int SHA_BLOCK = 64;
  private static final int MAC_WORDS = 5;

  /// Length of the outer hash's message in bits: a block and a digest.
  private static final long OUTER_BITS = 8 * (64 + 20);

  private static final long PADDING = 0x8000_0000_0000_0000L;

  private final long[] gcm = new long[3];
  private final long[] ecb = new long[3];

  /// @throws IllegalStateException in one sentence, where libcrypto 3 is missing or lacks AES
  OpenSslEngine() {
    if (OpenSslLibrary.MISSING != null) {
      throw new IllegalStateException(OpenSslLibrary.MISSING);
    }
    for (int i = 0; i < 3; i++) {
      gcm[i] = cipher("AES-%d-GCM".formatted(128 + 64 * i));
      ecb[i] = cipher("AES-%d-ECB".formatted(128 + 64 * i));
    }
  }

  private static long cipher(String name) {
    long cipher = OpenSslLibrary.fetch(name);
    if (cipher == 0) {
      throw new IllegalStateException("OpenSSL's libcrypto does not offer " + name);
    }
    return cipher;
  }

  @Override
  public String name() {
    return "openssl";
  }

  @Override
  public EngineKey key(SrtpProfile profile, byte[] encryptionKey, byte[] authenticationKey) {
    return profile.isAead()
        ? OpenSslKey.of(
            OpenSslKey.Kind.GCM, gcm[sizeOf(encryptionKey)], encryptionKey, authenticationKey)
        : OpenSslKey.of(
            OpenSslKey.Kind.HMAC, ecb[sizeOf(encryptionKey)], encryptionKey, authenticationKey);
  }

  @Override
  public EngineKey streamKey(byte[] key) {
    return OpenSslKey.of(OpenSslKey.Kind.STREAM, ecb[sizeOf(key)], key, new byte[0]);
  }

  private static int sizeOf(byte[] key) {
    if (key.length != 16 && key.length != 24 && key.length != 32) {
      throw new IllegalArgumentException("an AES key has 16, 24 or 32 octets, not " + key.length);
    }
    return key.length / 8 - 2;
  }

  @Override
  public void seal(CipherBatch descriptors) {
    try {
      for (int i = 0; i < descriptors.size(); i++) {
        OpenSslKey key = (OpenSslKey) descriptors.key(i);
        switch (key.kind()) {
          case GCM -> sealGcm(descriptors, i, key);
          case HMAC -> sealHmac(descriptors, i, key);
          case STREAM -> applyKeyStream(descriptors, i, key);
        }
        descriptors.result(i, CipherBatch.OK);
      }
    } finally {
      Reference.reachabilityFence(descriptors);
    }
  }

  @Override
  public void open(CipherBatch descriptors) {
    try {
      for (int i = 0; i < descriptors.size(); i++) {
        OpenSslKey key = (OpenSslKey) descriptors.key(i);
        boolean isAuthentic =
            switch (key.kind()) {
              case GCM -> openGcm(descriptors, i, key);
              case HMAC -> openHmac(descriptors, i, key);
              case STREAM -> {
                applyKeyStream(descriptors, i, key);
                yield true;
              }
            };
        descriptors.result(i, isAuthentic ? CipherBatch.OK : CipherBatch.BAD_TAG);
      }
    } finally {
      Reference.reachabilityFence(descriptors);
    }
  }

  private static void sealGcm(CipherBatch descriptors, int i, OpenSslKey key) {
    long context = key.context();
    long source = descriptors.source().address() + descriptors.sourceOffset(i);
    long destination = descriptors.destination().address() + descriptors.destinationOffset(i);
    int aad = descriptors.aadOctets(i);
    OpenSslLibrary.start(context, vector(descriptors, i), 1);
    authenticateHeader(descriptors, i, context, source);
    encipher(context, destination + aad, source + aad, descriptors.payloadOctets(i));
    OpenSslLibrary.require(OpenSslLibrary.cipher(context, 0, 0, 0) >= 0);
    OpenSslLibrary.tagTo(context, destination + descriptors.tagOffset(i), descriptors.tagOctets(i));
  }

  /// By way of the scratch memory: GCM deciphers before it can tell whether the tag is right.
  private static boolean openGcm(CipherBatch descriptors, int i, OpenSslKey key) {
    long context = key.context();
    long source = descriptors.source().address() + descriptors.sourceOffset(i);
    int aad = descriptors.aadOctets(i);
    int payload = descriptors.payloadOctets(i);
    MemorySegment scratch = descriptors.scratch(REST + payload);
    OpenSslLibrary.start(context, vector(descriptors, i), 0);
    OpenSslLibrary.tagFrom(context, source + descriptors.tagOffset(i), descriptors.tagOctets(i));
    authenticateHeader(descriptors, i, context, source);
    encipher(context, scratch.address() + REST, source + aad, payload);
    if (OpenSslLibrary.cipher(context, 0, 0, 0) < 0) {
      return false;
    }
    MemorySegment.copy(
        scratch, REST, descriptors.destination(), descriptors.destinationOffset(i) + aad, payload);
    return true;
  }

  private static void authenticateHeader(
      CipherBatch descriptors, int i, long context, long source) {
    int aad = descriptors.aadOctets(i);
    if (aad > 0) {
      OpenSslLibrary.require(OpenSslLibrary.cipher(context, 0, source, aad) >= 0);
    }
    if (descriptors.wordOctets(i) > 0) {
      MemorySegment scratch = descriptors.scratch(REST);
      scratch.set(RtpPacket.INT, WORD, descriptors.word(i));
      long word = scratch.address() + WORD;
      OpenSslLibrary.require(OpenSslLibrary.cipher(context, 0, word, 4) >= 0);
    }
  }

  /// The address of the initialisation vector's copy in scratch memory.
  private static long vector(CipherBatch descriptors, int i) {
    MemorySegment scratch = descriptors.scratch(REST);
    scratch.set(RtpPacket.LONG, VECTOR, descriptors.ivHigh(i));
    scratch.set(RtpPacket.LONG, VECTOR + 8, descriptors.ivLow(i));
    return scratch.address() + VECTOR;
  }

  private static void encipher(long context, long to, long from, int octets) {
    if (octets > 0) {
      OpenSslLibrary.require(OpenSslLibrary.cipher(context, to, from, octets) == octets);
    }
  }

  private static void sealHmac(CipherBatch descriptors, int i, OpenSslKey key) {
    applyKeyStream(descriptors, i, key);
    MemorySegment destination = descriptors.destination();
    long at = descriptors.destinationOffset(i);
    MemorySegment scratch = descriptors.scratch(REST);
    computeMac(descriptors, i, key, destination, at, scratch);
    MemorySegment.copy(
        scratch, MAC, destination, at + descriptors.tagOffset(i), descriptors.tagOctets(i));
  }

  private static boolean openHmac(CipherBatch descriptors, int i, OpenSslKey key) {
    key.context(); // a closed key verifies nothing
    MemorySegment source = descriptors.source();
    long at = descriptors.sourceOffset(i);
    MemorySegment scratch = descriptors.scratch(REST);
    computeMac(descriptors, i, key, source, at, scratch);
    long tag = at + descriptors.tagOffset(i);
    if (!isEqual(scratch, source, tag, descriptors.tagOctets(i))) {
      return false;
    }
    applyKeyStream(descriptors, i, key);
    return true;
  }

  /// Compares with the MAC in scratch memory, in time that depends on the length only.
  private static boolean isEqual(
      MemorySegment scratch, MemorySegment source, long tag, int octets) {
    int difference = 0;
    for (int j = 0; j < octets; j++) {
      difference |= scratch.get(JAVA_BYTE, MAC + j) ^ source.get(JAVA_BYTE, tag + j);
    }
    return difference == 0;
  }

  private static void applyKeyStream(CipherBatch descriptors, int i, OpenSslKey key) {
    int aad = descriptors.aadOctets(i);
    int payload = descriptors.payloadOctets(i);
    int blockOctets = (payload + AES_BLOCK - 1) & -AES_BLOCK;
    long context = key.context();
    if (payload == 0) {
      return;
    }
    MemorySegment scratch = descriptors.scratch(REST + blockOctets);
    long high = descriptors.ivHigh(i);
    long low = descriptors.ivLow(i);
    for (int at = 0; at < blockOctets; at += AES_BLOCK) {
      scratch.set(RtpPacket.LONG, REST + at, high);
      scratch.set(RtpPacket.LONG, REST + at + 8, low++);
    }
    long blocks = scratch.address() + REST;
    encipher(context, blocks, blocks, blockOctets);
    xor(
        scratch,
        descriptors.source(),
        descriptors.sourceOffset(i) + aad,
        descriptors.destination(),
        descriptors.destinationOffset(i) + aad,
        payload);
  }

  private static void xor(
      MemorySegment scratch,
      MemorySegment from,
      long fromAt,
      MemorySegment to,
      long toAt,
      int octets) {
    int wholes = octets & -Long.BYTES;
    for (int j = 0; j < wholes; j += Long.BYTES) {
      long stream = scratch.get(JAVA_LONG, REST + j);
      to.set(JAVA_LONG_UNALIGNED, toAt + j, from.get(JAVA_LONG_UNALIGNED, fromAt + j) ^ stream);
    }
    for (int j = wholes; j < octets; j++) {
      byte stream = scratch.get(JAVA_BYTE, REST + j);
      to.set(JAVA_BYTE, toAt + j, (byte) (from.get(JAVA_BYTE, fromAt + j) ^ stream));
    }
  }

  /// Puts the MAC of header, payload and word, a packet at `at`, into scratch memory.
  private static void computeMac(
      CipherBatch descriptors,
      int i,
      OpenSslKey key,
      MemorySegment packets,
      long at,
      MemorySegment scratch) {
    int octets = descriptors.aadOctets(i) + descriptors.payloadOctets(i);
    int wholes = octets & -SHA_BLOCK;
    int tailOctets =
        writeTail(packets, at, octets, descriptors.word(i), descriptors.wordOctets(i), scratch);
    long sha = scratch.address() + SHA;
    startHash(scratch, key.states(), 0);
    if (wholes > 0) {
      OpenSslLibrary.shaUpdate(sha, packets.address() + at, wholes);
    }
    OpenSslLibrary.shaUpdate(sha, scratch.address() + TAIL, tailOctets);
    finishHash(scratch, OUTER);
    scratch.set(RtpPacket.LONG, OUTER + 24, 0);
    scratch.set(RtpPacket.INT, OUTER + 20, (int) (PADDING >>> 32));
    for (int j = 32; j < SHA_BLOCK - 8; j += 8) {
      scratch.set(RtpPacket.LONG, OUTER + j, 0);
    }
    scratch.set(RtpPacket.LONG, OUTER + SHA_BLOCK - 8, OUTER_BITS);
    startHash(scratch, key.states(), OpenSslKey.STATE_OCTETS);
    OpenSslLibrary.shaUpdate(sha, scratch.address() + OUTER, SHA_BLOCK);
    finishHash(scratch, MAC);
  }

  /// What is left of the message behind its whole blocks, the word, and the padding (FIPS 180-4,
  /// 5.1.1): one block or two.
  private static int writeTail(
      MemorySegment packets, long at, int octets, int word, int wordOctets, MemorySegment scratch) {
    int rest = octets & SHA_BLOCK - 1;
    for (int j = 0; j < TAIL_OCTETS; j += 8) {
      scratch.set(JAVA_LONG, TAIL + j, 0);
    }
    copyShort(packets, at + octets - rest, scratch, TAIL, rest);
    int end = TAIL + rest;
    if (wordOctets > 0) {
      scratch.set(RtpPacket.INT, end, word);
      end += 4;
    }
    scratch.set(JAVA_BYTE, end, (byte) 0x80);
    int tailOctets = end + 1 - TAIL + 8 <= SHA_BLOCK ? SHA_BLOCK : TAIL_OCTETS;
    long bits = 8L * (SHA_BLOCK + octets + wordOctets);
    scratch.set(RtpPacket.LONG, TAIL + tailOctets - 8, bits);
    return tailOctets;
  }

  /// Up to 63 octets, without the fixed costs of a bulk copy.
  private static void copyShort(
      MemorySegment from, long fromAt, MemorySegment to, long toAt, int octets) {
    int wholes = octets & -Long.BYTES;
    for (int j = 0; j < wholes; j += Long.BYTES) {
      to.set(JAVA_LONG_UNALIGNED, toAt + j, from.get(JAVA_LONG_UNALIGNED, fromAt + j));
    }
    for (int j = wholes; j < octets; j++) {
      to.set(JAVA_BYTE, toAt + j, from.get(JAVA_BYTE, fromAt + j));
    }
  }

  private static void startHash(MemorySegment scratch, MemorySegment states, long state) {
    for (int j = 0; j < OpenSslKey.STATE_OCTETS; j += 4) {
      scratch.set(JAVA_INT, SHA + j, states.get(JAVA_INT, state + j));
    }
    scratch.set(JAVA_INT, SHA + OpenSslLibrary.SHA_WAITING, 0);
  }

  private static void finishHash(MemorySegment scratch, long to) {
    for (int j = 0; j < MAC_WORDS; j++) {
      scratch.set(RtpPacket.INT, to + 4L * j, scratch.get(JAVA_INT, SHA + 4L * j));
    }
  }
}
