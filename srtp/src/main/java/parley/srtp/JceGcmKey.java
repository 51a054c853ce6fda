package parley.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// AEAD_AES_GCM with a 96-bit vector and a 128-bit tag (RFC 7714).
///
/// Workspace: the packet as read, header to tag, the authenticated word, then the result.
final class JceGcmKey implements JceKey {
  private static final int IV_OCTETS = 12;
  private static final int TAG_BITS = 128;
  private static final int TAG_OCTETS = 16;
  private static final int WORD_OCTETS = 4;

  private final Cipher sealing;
  private final Cipher opening;
  private final byte[] iv = new byte[16];
  private @Nullable SecretKey key;

  JceGcmKey(JceEngine engine, byte[] encryptionKey) throws GeneralSecurityException {
    this.sealing = engine.cipher("AES/GCM/NoPadding");
    this.opening = engine.cipher("AES/GCM/NoPadding");
    this.key = new SecretKeySpec(encryptionKey, "AES");
  }

  @Override
  public void seal(CipherBatch descriptors, int first, int end) {
    for (int i = first; i < end; i++) {
      seal(descriptors, i);
      descriptors.result(i, CipherBatch.OK);
    }
  }

  @Override
  public void open(CipherBatch descriptors, int first, int end) {
    for (int i = first; i < end; i++) {
      boolean isAuthentic = open(descriptors, i);
      descriptors.result(i, isAuthentic ? CipherBatch.OK : CipherBatch.BAD_TAG);
    }
  }

  private void seal(CipherBatch descriptors, int i) {
    int aad = descriptors.aadOctets(i);
    int payload = descriptors.payloadOctets(i);
    int read = aad + payload + TAG_OCTETS;
    byte[] heap = descriptors.workspace(read + WORD_OCTETS + payload + TAG_OCTETS);
    JceKey.read(descriptors.source(), descriptors.sourceOffset(i), heap, 0, aad + payload);
    try {
      run(sealing, Cipher.ENCRYPT_MODE, descriptors, i, heap, payload);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the provider failed to seal a packet", e);
    }
    int result = read + WORD_OCTETS;
    long at = descriptors.destinationOffset(i);
    JceKey.write(heap, result, descriptors.destination(), at + aad, payload);
    JceKey.write(
        heap,
        result + payload,
        descriptors.destination(),
        at + descriptors.tagOffset(i),
        TAG_OCTETS);
  }

  private boolean open(CipherBatch descriptors, int i) {
    int aad = descriptors.aadOctets(i);
    int payload = descriptors.payloadOctets(i);
    int read = aad + payload + TAG_OCTETS;
    byte[] heap = descriptors.workspace(read + WORD_OCTETS + payload + TAG_OCTETS);
    long at = descriptors.sourceOffset(i);
    JceKey.read(descriptors.source(), at, heap, 0, aad + payload);
    JceKey.read(
        descriptors.source(), at + descriptors.tagOffset(i), heap, aad + payload, TAG_OCTETS);
    try {
      run(opening, Cipher.DECRYPT_MODE, descriptors, i, heap, payload + TAG_OCTETS);
    } catch (BadPaddingException _) { // the JCA's only way to say that a tag is wrong
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the provider failed to open a packet", e);
    }
    JceKey.write(
        heap,
        read + WORD_OCTETS,
        descriptors.destination(),
        descriptors.destinationOffset(i) + aad,
        payload);
    return true;
  }

  private void run(
      Cipher cipher, int mode, CipherBatch descriptors, int i, byte[] heap, int inputOctets)
      throws GeneralSecurityException {
    int aad = descriptors.aadOctets(i);
    int word = aad + descriptors.payloadOctets(i) + TAG_OCTETS;
    JceKey.putLong(iv, 0, descriptors.ivHigh(i));
    JceKey.putLong(iv, 8, descriptors.ivLow(i));
    cipher.init(mode, requireKey(), new GCMParameterSpec(TAG_BITS, iv, 0, IV_OCTETS));
    cipher.updateAAD(heap, 0, aad);
    if (descriptors.wordOctets(i) > 0) {
      JceKey.putInt(heap, word, descriptors.word(i));
      cipher.updateAAD(heap, word, WORD_OCTETS);
    }
    cipher.doFinal(heap, aad, inputOctets, heap, word + WORD_OCTETS);
  }

  private SecretKey requireKey() {
    if (key == null) {
      throw new IllegalStateException("the key is closed");
    }
    return key;
  }

  @Override
  public void close() {
    key = null;
  }
}
