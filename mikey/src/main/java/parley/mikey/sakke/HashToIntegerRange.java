package parley.mikey.sakke;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// `HashToIntegerRange(s, n)` with SHA-256 (RFC 6508, 5.1).
final class HashToIntegerRange {
  private static final int HASH_OCTETS = 32;

  private HashToIntegerRange() {}

  /// An integer from 0 to n - 1, from the parts of s in their order.
  static BigInteger of(BigInteger n, byte[]... s) {
    var sha = sha256();
    for (byte[] part : s) {
      sha.update(part);
    }
    byte[] a = sha.digest();
    int rounds = Math.ceilDiv(n.subtract(BigInteger.ONE).bitLength(), 8 * HASH_OCTETS);
    var v = new byte[rounds * HASH_OCTETS];
    var h = new byte[HASH_OCTETS];
    for (int i = 0; i < rounds; i++) {
      h = sha.digest(h);
      sha.update(h);
      System.arraycopy(sha.digest(a), 0, v, i * HASH_OCTETS, HASH_OCTETS);
    }
    BigInteger result = new BigInteger(1, v).mod(n);
    Arrays.fill(a, (byte) 0);
    Arrays.fill(v, (byte) 0);
    return result;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
