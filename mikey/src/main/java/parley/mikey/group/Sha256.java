package parley.mikey.group;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 without the exception that no Java throws.
final class Sha256 {
  private Sha256() {}

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  static byte[] of(byte[] octets, int length) {
    MessageDigest hash = start();
    hash.update(octets, 0, length);
    return hash.digest();
  }
}
