package parley.mikey.group;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.prf.Kdf33220;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// [KeyParameters] encrypted under the key they are about, as general extension 7 (TS 33.180, E.6).
///
/// Type 0x43, time (5), payload id (4), sequence (1), algorithm 1 for AES-128-GCM, IV (16), DPPK-ID
/// (4), all of it the AAD; element identifier 0, length (2), ciphertext and tag (16). The DPPK-ID
/// is the CSB ID.
final class KeyParametersExtension {
  static final int IV_OCTETS = 16;

  private static final int TYPE = 0x43;
  private static final int AES_128_GCM = 1;
  private static final int AAD_OCTETS = 32;
  private static final int ALGORITHM_OFFSET = 11;
  private static final int IV_OFFSET = 12;
  private static final int DPPK_ID_OFFSET = 28;
  private static final int HEAD_OCTETS = AAD_OCTETS + 3;
  private static final int TAG_BITS = 128;
  private static final int DPCK_OCTETS = 16;
  private static final int DPCK_LABEL = 0x53;

  private KeyParametersExtension() {}

  static Payload.GeneralExtension seal(
      KeyParameters parameters, SecretBytes key, int csbId, NtpTimestamp t, byte[] iv) {
    var head = ByteBuffer.allocate(AAD_OCTETS).put((byte) TYPE);
    KeyParameters.putSeconds(t.toInstant().getEpochSecond(), head);
    head.putInt(0).put((byte) 0).put((byte) AES_128_GCM).put(iv).putInt(csbId);
    byte[] sealed;
    try {
      sealed = crypt(Cipher.ENCRYPT_MODE, key, csbId, head.array(), parameters.write());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES-128-GCM", e);
    }
    var data = ByteBuffer.allocate(HEAD_OCTETS + sealed.length).put(head.array());
    data.put((byte) 0).putShort((short) sealed.length).put(sealed);
    return new Payload.GeneralExtension(
        Payload.GeneralExtension.KEY_PARAMETERS, Octets.of(data.array()));
  }

  /// @throws MalformedMessage if the extension is no such thing, or was not made with `key` for
  ///   this CSB
  static KeyParameters open(Payload.GeneralExtension extension, SecretBytes key, int csbId)
      throws MalformedMessage {
    byte[] data = extension.data().bytes();
    requireHead(data, csbId);
    byte[] aad = Arrays.copyOf(data, AAD_OCTETS);
    byte[] sealed = Arrays.copyOfRange(data, HEAD_OCTETS, data.length);
    try {
      return KeyParameters.read(crypt(Cipher.DECRYPT_MODE, key, csbId, aad, sealed));
    } catch (AEADBadTagException _) {
      throw malformed(HEAD_OCTETS, "not sealed with the key it came with");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES-128-GCM", e);
    }
  }

  private static void requireHead(byte[] data, int csbId) throws MalformedMessage {
    if (data.length < HEAD_OCTETS + TAG_BITS / Byte.SIZE) {
      throw malformed(data.length, "too short for key parameters");
    }
    if (data[0] != TYPE || data[ALGORITHM_OFFSET] != AES_128_GCM) {
      throw malformed(0, "no parameters protected with AES-128-GCM");
    }
    if (Octets.of(data, DPPK_ID_OFFSET, Integer.BYTES).intAt(0) != csbId) {
      throw malformed(DPPK_ID_OFFSET, "the DPPK-ID is not the CSB ID");
    }
    int length = (data[AAD_OCTETS + 1] & 0xff) << 8 | (data[AAD_OCTETS + 2] & 0xff);
    if (data[AAD_OCTETS] != 0 || length != data.length - HEAD_OCTETS) {
      throw malformed(AAD_OCTETS, "the ciphertext has another length");
    }
  }

  private static MalformedMessage malformed(int offset, String text) {
    return new MalformedMessage(KeyParameters.CLAUSE, offset, text);
  }

  private static byte[] crypt(int mode, SecretBytes key, int csbId, byte[] aad, byte[] text)
      throws GeneralSecurityException {
    byte[] dpck = dpck(key, csbId);
    try {
      var cipher = Cipher.getInstance("AES/GCM/NoPadding");
      var iv = new GCMParameterSpec(TAG_BITS, aad, IV_OFFSET, IV_OCTETS);
      cipher.init(mode, new SecretKeySpec(dpck, "AES"), iv);
      cipher.updateAAD(aad);
      return cipher.doFinal(text);
    } finally {
      Arrays.fill(dpck, (byte) 0);
    }
  }

  /// The last 16 octets of HMAC-SHA-256(key, 0x53 || DPPK-ID || 0x0004).
  static byte[] dpck(SecretBytes key, int csbId) {
    byte[] id = ByteBuffer.allocate(Integer.BYTES).putInt(csbId).array();
    byte[] hash = key.lend(SecretAccess.token(), octets -> Kdf33220.derive(octets, DPCK_LABEL, id));
    try {
      return Arrays.copyOfRange(hash, hash.length - DPCK_OCTETS, hash.length);
    } finally {
      Arrays.fill(hash, (byte) 0);
    }
  }
}
