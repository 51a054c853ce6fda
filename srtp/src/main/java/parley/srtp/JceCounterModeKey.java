package parley.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// AES in counter mode, with HMAC-SHA1 (RFC 3711, 4.1.1 and 4.2.1) or, for header extensions,
/// without (RFC 6904).
///
/// The key stream is made by enciphering the counter blocks in ECB mode: that needs no
/// initialisation per packet, where a provider's own CTR mode would, and one call serves a run of
/// packets. Workspace: a packet, its tag as computed and as received; then counter blocks and key
/// stream of the run.
final class JceCounterModeKey implements JceKey {
  private static final int BLOCK = 16;

  private final @Nullable JceHmac hmac;
  private @Nullable Cipher blockCipher;

  /// @param hmac null for a key stream alone
  JceCounterModeKey(JceEngine engine, byte[] encryptionKey, @Nullable JceHmac hmac)
      throws GeneralSecurityException {
    Cipher cipher = engine.blockCipher();
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(encryptionKey, "AES"));
    this.blockCipher = cipher;
    this.hmac = hmac;
  }

  @Override
  public void seal(CipherBatch descriptors, int first, int end) {
    int packetOctets = packetOctets(descriptors, first, end);
    int blockOctets = blockOctets(descriptors, first, end);
    byte[] heap = descriptors.workspace(packetOctets + 2 * blockOctets);
    for (int i = first; i < end; i++) {
      descriptors.result(i, CipherBatch.OK);
    }
    try {
      makeKeyStream(descriptors, first, end, heap, packetOctets, blockOctets);
      int stream = packetOctets + blockOctets;
      for (int i = first; i < end; i++) {
        int octets = descriptors.aadOctets(i) + descriptors.payloadOctets(i);
        JceKey.read(descriptors.source(), descriptors.sourceOffset(i), heap, 0, octets);
        stream = applyKeyStream(descriptors, i, heap, stream);
        if (hmac != null) {
          computeTag(hmac, descriptors, i, heap, octets);
          JceKey.write(
              heap,
              octets,
              descriptors.destination(),
              descriptors.destinationOffset(i) + descriptors.tagOffset(i),
              descriptors.tagOctets(i));
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the provider failed to seal a packet", e);
    }
  }

  @Override
  public void open(CipherBatch descriptors, int first, int end) {
    requireOpen();
    int packetOctets = packetOctets(descriptors, first, end);
    int blockOctets = blockOctets(descriptors, first, end);
    byte[] heap = descriptors.workspace(packetOctets + 2 * blockOctets);
    try {
      for (int i = first; i < end; i++) {
        boolean isAuthentic = hmac == null || verify(hmac, descriptors, i, heap);
        descriptors.result(i, isAuthentic ? CipherBatch.OK : CipherBatch.BAD_TAG);
      }
      makeKeyStream(descriptors, first, end, heap, packetOctets, blockOctets);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the provider failed to open a packet", e);
    }
    int stream = packetOctets + blockOctets;
    for (int i = first; i < end; i++) {
      if (descriptors.result(i) == CipherBatch.OK) {
        int octets = descriptors.aadOctets(i) + descriptors.payloadOctets(i);
        JceKey.read(descriptors.source(), descriptors.sourceOffset(i), heap, 0, octets);
        stream = applyKeyStream(descriptors, i, heap, stream);
      }
    }
  }

  private boolean verify(JceHmac hmac, CipherBatch descriptors, int i, byte[] heap)
      throws GeneralSecurityException {
    int octets = descriptors.aadOctets(i) + descriptors.payloadOctets(i);
    int tagOctets = descriptors.tagOctets(i);
    long at = descriptors.sourceOffset(i);
    int received = octets + JceHmac.MAC_OCTETS;
    JceKey.read(descriptors.source(), at, heap, 0, octets);
    JceKey.read(descriptors.source(), at + descriptors.tagOffset(i), heap, received, tagOctets);
    computeTag(hmac, descriptors, i, heap, octets);
    return isEqual(heap, octets, received, tagOctets);
  }

  /// Room for the longest packet of the run and two tags.
  private static int packetOctets(CipherBatch descriptors, int first, int end) {
    int longest = 0;
    for (int i = first; i < end; i++) {
      longest = Math.max(longest, descriptors.aadOctets(i) + descriptors.payloadOctets(i));
    }
    return longest + 2 * JceHmac.MAC_OCTETS;
  }

  private static int blockOctets(CipherBatch descriptors, int first, int end) {
    int octets = 0;
    for (int i = first; i < end; i++) {
      octets += blockOctets(descriptors.payloadOctets(i));
    }
    return octets;
  }

  private static int blockOctets(int payloadOctets) {
    return (payloadOctets + BLOCK - 1) & -BLOCK;
  }

  /// For all descriptors whose result is [CipherBatch#OK], one behind the other.
  private void makeKeyStream(
      CipherBatch descriptors, int first, int end, byte[] heap, int blocks, int roomOctets)
      throws GeneralSecurityException {
    int at = blocks;
    for (int i = first; i < end; i++) {
      if (descriptors.result(i) == CipherBatch.OK) {
        long high = descriptors.ivHigh(i);
        long low = descriptors.ivLow(i);
        int blockEnd = at + blockOctets(descriptors.payloadOctets(i));
        for (; at < blockEnd; at += BLOCK) {
          JceKey.putLong(heap, at, high);
          JceKey.putLong(heap, at + 8, low++);
        }
      }
    }
    int made = requireOpen().update(heap, blocks, at - blocks, heap, blocks + roomOctets);
    if (made != at - blocks) {
      throw new GeneralSecurityException("AES/ECB returned %d of %d".formatted(made, at - blocks));
    }
  }

  /// Puts the payload of the packet in the workspace under the key stream at `stream`, writes it to
  /// the destination and returns where the next packet's key stream begins.
  private static int applyKeyStream(CipherBatch descriptors, int i, byte[] heap, int stream) {
    int aad = descriptors.aadOctets(i);
    int payload = descriptors.payloadOctets(i);
    JceKey.xor(heap, aad, stream, payload);
    JceKey.write(
        heap, aad, descriptors.destination(), descriptors.destinationOffset(i) + aad, payload);
    return stream + blockOctets(payload);
  }

  /// Puts the whole MAC of the first `octets` octets and the word behind them, in its place.
  private static void computeTag(
      JceHmac hmac, CipherBatch descriptors, int i, byte[] heap, int octets)
      throws GeneralSecurityException {
    JceKey.putInt(heap, octets, descriptors.word(i));
    hmac.compute(heap, octets + descriptors.wordOctets(i), octets);
  }

  /// Compares in time that depends on the length only.
  private static boolean isEqual(byte[] heap, int left, int right, int octets) {
    int difference = 0;
    for (int j = 0; j < octets; j++) {
      difference |= heap[left + j] ^ heap[right + j];
    }
    return difference == 0;
  }

  private Cipher requireOpen() {
    if (blockCipher == null) {
      throw new IllegalStateException("the key is closed");
    }
    return blockCipher;
  }

  @Override
  public void close() {
    blockCipher = null;
    if (hmac != null) {
      hmac.close();
    }
  }
}
