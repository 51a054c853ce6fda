package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;
import static parley.mikey.sakke.ParameterSet1.SSV_OCTETS;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// `HashToIntegerRange(s, n)` with SHA-256 (RFC 6508, 5.1), for the two n that parameter set 1 has.
final class HashToIntegerRange {
  private static final int HASH_OCTETS = 32;

  private HashToIntegerRange() {}

  /// For n = q: 128 octets, from the parts of s in their order.
  static byte[] ofOrder(Scalars scalars, byte[]... s) {
    byte[] v = v(FIELD_OCTETS / HASH_OCTETS, s);
    try {
      return scalars.reduced(v);
    } finally {
      Arrays.fill(v, (byte) 0);
    }
  }

  /// For n = 2^128: 16 octets.
  static byte[] ofSsv(byte[]... s) {
    byte[] v = v(1, s);
    try {
      return Arrays.copyOfRange(v, HASH_OCTETS - SSV_OCTETS, HASH_OCTETS);
    } finally {
      Arrays.fill(v, (byte) 0);
    }
  }

  private static byte[] v(int rounds, byte[]... s) {
    var sha = sha256();
    for (byte[] part : s) {
      sha.update(part);
    }
    byte[] a = sha.digest();
    var v = new byte[rounds * HASH_OCTETS];
    var h = new byte[HASH_OCTETS];
    for (int i = 0; i < rounds; i++) {
      h = sha.digest(h);
      sha.update(h);
      byte[] part = sha.digest(a);
      System.arraycopy(part, 0, v, i * HASH_OCTETS, HASH_OCTETS);
      Arrays.fill(part, (byte) 0);
    }
    Arrays.fill(a, (byte) 0);
    return v;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
