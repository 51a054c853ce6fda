package parley.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// AES in counter mode with HMAC-SHA1 (RFC 3711, 4.1.1 and 4.2.1).
///
/// The key stream is made by enciphering the counter blocks in one ECB call: that needs no
/// initialisation per packet, where a provider's own CTR mode would. Workspace: packet, tag
/// computed, tag received, counter blocks, key stream.
final class JceCounterModeKey implements JceKey {
  private static final int BLOCK = 16;
  private static final int MAC_OCTETS = 20;
  private static final int WORD_OCTETS = 4;

  private final byte[] word = new byte[WORD_OCTETS];
  private @Nullable Cipher blockCipher;
  private @Nullable Mac hmac;

  JceCounterModeKey(JceEngine engine, byte[] encryptionKey, byte[] authenticationKey)
      throws GeneralSecurityException {
    Cipher cipher = engine.cipher("AES/ECB/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(encryptionKey, "AES"));
    Mac mac = engine.mac("HmacSHA1");
    mac.init(new SecretKeySpec(authenticationKey, "HmacSHA1"));
    this.blockCipher = cipher;
    this.hmac = mac;
  }

  @Override
  public void seal(CipherBatch descriptors, int i) {
    int octets = descriptors.aadOctets(i) + descriptors.payloadOctets(i);
    byte[] heap = descriptors.workspace(workspaceOctets(descriptors, i));
    JceKey.read(descriptors.source(), descriptors.sourceOffset(i), heap, 0, octets);
    try {
      applyKeyStream(descriptors, i, heap);
      computeTag(descriptors, i, heap, octets);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the provider failed to seal a packet", e);
    }
    writePayload(descriptors, i, heap);
    JceKey.write(
        heap,
        octets,
        descriptors.destination(),
        descriptors.destinationOffset(i) + descriptors.tagOffset(i),
        descriptors.tagOctets(i));
  }

  @Override
  public boolean open(CipherBatch descriptors, int i) {
    int octets = descriptors.aadOctets(i) + descriptors.payloadOctets(i);
    int tagOctets = descriptors.tagOctets(i);
    byte[] heap = descriptors.workspace(workspaceOctets(descriptors, i));
    long at = descriptors.sourceOffset(i);
    int received = octets + MAC_OCTETS;
    JceKey.read(descriptors.source(), at, heap, 0, octets);
    JceKey.read(descriptors.source(), at + descriptors.tagOffset(i), heap, received, tagOctets);
    try {
      computeTag(descriptors, i, heap, octets);
      if (!isEqual(heap, octets, received, tagOctets)) {
        return false;
      }
      applyKeyStream(descriptors, i, heap);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the provider failed to open a packet", e);
    }
    writePayload(descriptors, i, heap);
    return true;
  }

  private static int workspaceOctets(CipherBatch descriptors, int i) {
    int packet = descriptors.aadOctets(i) + descriptors.payloadOctets(i);
    return packet + 2 * MAC_OCTETS + 2 * blockOctets(descriptors.payloadOctets(i));
  }

  private static int blockOctets(int payloadOctets) {
    return (payloadOctets + BLOCK - 1) & -BLOCK;
  }

  private void applyKeyStream(CipherBatch descriptors, int i, byte[] heap)
      throws GeneralSecurityException {
    int aad = descriptors.aadOctets(i);
    int payload = descriptors.payloadOctets(i);
    int blocks = aad + payload + 2 * MAC_OCTETS;
    int blockOctets = blockOctets(payload);
    int keyStream = blocks + blockOctets;
    for (int block = 0; block < blockOctets / BLOCK; block++) {
      JceKey.putLong(heap, blocks + block * BLOCK, descriptors.ivHigh(i));
      JceKey.putLong(heap, blocks + block * BLOCK + 8, descriptors.ivLow(i) + block);
    }
    int made = require(blockCipher).update(heap, blocks, blockOctets, heap, keyStream);
    if (made != blockOctets) {
      throw new GeneralSecurityException("AES/ECB returned " + made + " of " + blockOctets);
    }
    for (int j = 0; j < payload; j++) {
      heap[aad + j] ^= heap[keyStream + j];
    }
  }

  /// Puts the whole MAC of the first `octets` octets and the word behind them.
  private void computeTag(CipherBatch descriptors, int i, byte[] heap, int octets)
      throws GeneralSecurityException {
    Mac mac = require(hmac);
    mac.update(heap, 0, octets);
    JceKey.putInt(word, 0, descriptors.word(i));
    mac.update(word, 0, descriptors.wordOctets(i));
    mac.doFinal(heap, octets);
  }

  /// Compares in time that depends on the length only.
  private static boolean isEqual(byte[] heap, int left, int right, int octets) {
    int difference = 0;
    for (int j = 0; j < octets; j++) {
      difference |= heap[left + j] ^ heap[right + j];
    }
    return difference == 0;
  }

  private static void writePayload(CipherBatch descriptors, int i, byte[] heap) {
    int aad = descriptors.aadOctets(i);
    JceKey.write(
        heap,
        aad,
        descriptors.destination(),
        descriptors.destinationOffset(i) + aad,
        descriptors.payloadOctets(i));
  }

  private static <T> T require(@Nullable T open) {
    if (open == null) {
      throw new IllegalStateException("the key is closed");
    }
    return open;
  }

  @Override
  public void close() {
    blockCipher = null;
    hmac = null;
  }
}
