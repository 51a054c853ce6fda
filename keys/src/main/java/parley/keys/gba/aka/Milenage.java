package parley.keys.gba.aka;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The functions f1 to f5* of one subscriber (TS 35.206), made of AES-128 under K and of OPc.
///
/// Results are fresh arrays that the caller zeroes. The JDK copies K into a `SecretKeySpec` that
/// cannot be zeroed; it lives for one call. Safe for use by many threads.
final class Milenage implements AutoCloseable {
  static final int KEY_OCTETS = 16;
  static final int RAND_OCTETS = 16;
  static final int SQN_OCTETS = 6;
  static final int AMF_OCTETS = 2;
  static final int MAC_OCTETS = 8;

  private static final int BLOCK = 16;
  private static final int HALF = 8;

  private final SecretBytes k;
  private final SecretBytes opc;

  /// Takes both secrets, which are its own from now on.
  Milenage(SecretBytes k, SecretBytes opc) {
    if (k.length() != KEY_OCTETS || opc.length() != KEY_OCTETS) {
      throw new IllegalArgumentException("K and OPc have 16 octets each");
    }
    this.k = k;
    this.opc = opc;
  }

  /// OPc of an operator's OP, which the caller closes: `E_K(OP) xor OP`.
  static SecretBytes opc(SecretBytes k, SecretBytes op) {
    return op.lend(
        SecretAccess.token(),
        octets -> {
          byte[] opc = withCipher(k, aes -> encrypt(aes, octets));
          xor(opc, octets);
          return SecretBytes.take(opc, "OPc");
        });
  }

  /// K then OPc; the caller closes it.
  SecretBytes encode() {
    byte[] both = new byte[2 * KEY_OCTETS];
    k.lendTo(SecretAccess.token(), octets -> System.arraycopy(octets, 0, both, 0, KEY_OCTETS));
    opc.lendTo(
        SecretAccess.token(), octets -> System.arraycopy(octets, 0, both, KEY_OCTETS, KEY_OCTETS));
    return SecretBytes.take(both, "K and OPc");
  }

  /// MAC-A, 8 octets, over RAND, SQN (6) and AMF (2).
  byte[] f1(byte[] rand, byte[] sqn, byte[] amf) {
    return piece(out1(rand, sqn, amf), 0, MAC_OCTETS);
  }

  /// MAC-S, 8 octets, for resynchronisation.
  byte[] f1Star(byte[] rand, byte[] sqn, byte[] amf) {
    return piece(out1(rand, sqn, amf), HALF, MAC_OCTETS);
  }

  /// RES, 8 octets.
  byte[] f2(byte[] rand) {
    return piece(out(rand, 0, 1), HALF, HALF);
  }

  /// CK, 16 octets.
  byte[] f3(byte[] rand) {
    return out(rand, 4, 2);
  }

  /// IK, 16 octets.
  byte[] f4(byte[] rand) {
    return out(rand, 8, 4);
  }

  /// AK, 6 octets, which hides SQN in AUTN.
  byte[] f5(byte[] rand) {
    return piece(out(rand, 0, 1), 0, SQN_OCTETS);
  }

  /// AK for resynchronisation, 6 octets.
  byte[] f5Star(byte[] rand) {
    return piece(out(rand, 12, 8), 0, SQN_OCTETS);
  }

  /// `OUT1 = E_K(TEMP xor rot(IN1 xor OPc, 64)) xor OPc` with `IN1 = SQN | AMF | SQN | AMF`.
  private byte[] out1(byte[] rand, byte[] sqn, byte[] amf) {
    byte[] in1 = new byte[BLOCK];
    for (int at = 0; at < BLOCK; at += HALF) {
      System.arraycopy(sqn, 0, in1, at, SQN_OCTETS);
      System.arraycopy(amf, 0, in1, at + SQN_OCTETS, AMF_OCTETS);
    }
    return compute(
        rand,
        (temp, op) -> {
          xor(in1, op);
          byte[] rotated = rotated(in1, HALF);
          xor(rotated, temp);
          return rotated;
        });
  }

  /// `OUTn = E_K(rot(TEMP xor OPc, r) xor c) xor OPc`; r in octets, c as its last octet.
  private byte[] out(byte[] rand, int rotation, int c) {
    return compute(
        rand,
        (temp, op) -> {
          xor(temp, op);
          byte[] rotated = rotated(temp, rotation);
          rotated[BLOCK - 1] ^= (byte) c;
          return rotated;
        });
  }

  /// What goes into the last encryption; owns `temp`.
  private interface LastInput {
    byte[] of(byte[] temp, byte[] opc);
  }

  private byte[] compute(byte[] rand, LastInput last) {
    if (rand.length != RAND_OCTETS) {
      throw new IllegalArgumentException("RAND has 16 octets, not " + rand.length);
    }
    return opc.lend(SecretAccess.token(), op -> withCipher(k, aes -> compute(aes, rand, op, last)));
  }

  private static byte[] compute(Cipher aes, byte[] rand, byte[] opc, LastInput last) {
    byte[] masked = rand.clone();
    xor(masked, opc);
    byte[] temp = encrypt(aes, masked);
    byte[] input = last.of(temp, opc);
    try {
      byte[] out = encrypt(aes, input);
      xor(out, opc);
      return out;
    } finally {
      wipe(masked, temp, input);
    }
  }

  private static <T> T withCipher(SecretBytes k, Function<Cipher, T> work) {
    try {
      Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
      SecretKeySpec key = k.lend(SecretAccess.token(), octets -> new SecretKeySpec(octets, "AES"));
      aes.init(Cipher.ENCRYPT_MODE, key);
      return work.apply(aes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES", e);
    }
  }

  private static byte[] encrypt(Cipher aes, byte[] block) {
    try {
      return aes.doFinal(block);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES refused one block", e);
    }
  }

  private static void xor(byte[] into, byte[] other) {
    for (int i = 0; i < BLOCK; i++) {
      into[i] ^= other[i];
    }
  }

  private static byte[] rotated(byte[] block, int octets) {
    byte[] rotated = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      rotated[i] = block[(i + octets) % BLOCK];
    }
    return rotated;
  }

  private static byte[] piece(byte[] block, int from, int octets) {
    byte[] piece = Arrays.copyOfRange(block, from, from + octets);
    wipe(block);
    return piece;
  }

  private static void wipe(byte[]... scratch) {
    for (byte[] octets : scratch) {
      Arrays.fill(octets, (byte) 0);
    }
  }

  @Override
  public void close() {
    k.close();
    opc.close();
  }

  @Override
  public String toString() {
    return "Milenage[]";
  }
}
