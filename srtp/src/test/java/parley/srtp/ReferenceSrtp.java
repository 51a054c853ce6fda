package parley.srtp;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// SRTP and SRTCP as the standards read, a packet at a time, sharing no code with what is tested.
final class ReferenceSrtp {
  private final SrtpPolicy policy;
  private final byte[] masterKey;
  private final byte[] masterSalt;
  private final byte[] mki;

  ReferenceSrtp(SrtpPolicy policy, byte[] masterKey, byte[] masterSalt, byte[] mki) {
    this.policy = policy;
    this.masterKey = masterKey;
    this.masterSalt = masterSalt;
    this.mki = mki;
  }

  byte[] protectRtp(byte[] packet, int headerOctets, int roc) throws GeneralSecurityException {
    int ssrc = ByteBuffer.wrap(packet).getInt(8);
    int seq = Short.toUnsignedInt(ByteBuffer.wrap(packet).getShort(2));
    byte[] header = Arrays.copyOf(packet, headerOctets);
    byte[] payload = Arrays.copyOfRange(packet, headerOctets, packet.length);
    byte[] rocOctets = word(roc);
    if (isGcm()) {
      byte[] iv =
          ByteBuffer.allocate(12)
              .putShort((short) 0)
              .putInt(ssrc)
              .putInt(roc)
              .putShort((short) seq)
              .array();
      byte[] sealed = gcm(0, iv, header, payload);
      return join(header, sealed, mki, policy.rccm3() ? rocOctets : new byte[0]);
    }
    byte[] ciphertext = counterMode(0, ssrc, ((long) roc & 0xffffffffL) * 65536 + seq, payload);
    byte[] tag = hmac(1, join(header, ciphertext, rocOctets), policy.profile().srtpTagOctets());
    return join(header, ciphertext, mki, tag);
  }

  byte[] protectRtcp(byte[] packet, int index) throws GeneralSecurityException {
    int ssrc = ByteBuffer.wrap(packet).getInt(4);
    byte[] header = Arrays.copyOf(packet, 8);
    byte[] payload = Arrays.copyOfRange(packet, 8, packet.length);
    byte[] encryptedAndIndex = word(index | 1 << 31);
    if (isGcm()) {
      byte[] iv =
          ByteBuffer.allocate(12)
              .putShort((short) 0)
              .putInt(ssrc)
              .putShort((short) 0)
              .putInt(index)
              .array();
      byte[] sealed = gcm(3, iv, join(header, encryptedAndIndex), payload);
      return join(header, sealed, encryptedAndIndex, mki);
    }
    byte[] ciphertext = counterMode(3, ssrc, index, payload);
    byte[] tag = hmac(4, join(header, ciphertext, encryptedAndIndex), 10);
    return join(header, ciphertext, encryptedAndIndex, mki, tag);
  }

  private boolean isGcm() {
    return masterSalt.length == 12;
  }

  private byte[] gcm(int label, byte[] iv, byte[] aad, byte[] payload)
      throws GeneralSecurityException {
    byte[] salt = derive(label + 2, 12);
    for (int i = 0; i < 12; i++) {
      iv[i] ^= salt[i];
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(derive(label, masterKey.length), "AES"),
        new GCMParameterSpec(128, iv));
    cipher.updateAAD(aad);
    return cipher.doFinal(payload);
  }

  /// IV = (k_s * 2^16) xor (SSRC * 2^64) xor (i * 2^16).
  private byte[] counterMode(int label, int ssrc, long index, byte[] payload)
      throws GeneralSecurityException {
    BigInteger iv =
        new BigInteger(1, derive(label + 2, 14))
            .shiftLeft(16)
            .xor(BigInteger.valueOf(Integer.toUnsignedLong(ssrc)).shiftLeft(64))
            .xor(BigInteger.valueOf(index).shiftLeft(16));
    return aesCtr(derive(label, masterKey.length), iv, payload);
  }

  private byte[] hmac(int label, byte[] octets, int tagOctets) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(derive(label, 20), "HmacSHA1"));
    return Arrays.copyOf(mac.doFinal(octets), tagOctets);
  }

  /// x = (label * 2^48) xor salt, of 112 bits; key stream of AES-CM from x * 2^16.
  private byte[] derive(int label, int octets) throws GeneralSecurityException {
    BigInteger salt = new BigInteger(1, Arrays.copyOf(masterSalt, 14));
    BigInteger x = salt.xor(BigInteger.valueOf(label).shiftLeft(48));
    return aesCtr(masterKey, x.shiftLeft(16), new byte[octets]);
  }

  private static byte[] aesCtr(byte[] key, BigInteger iv, byte[] octets)
      throws GeneralSecurityException {
    byte[] magnitude = iv.toByteArray();
    byte[] block = new byte[16];
    for (int i = 0; i < Math.min(16, magnitude.length); i++) {
      block[15 - i] = magnitude[magnitude.length - 1 - i];
    }
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(block));
    return cipher.doFinal(octets);
  }

  private static byte[] word(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
