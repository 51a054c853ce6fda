package parley.keys.gba.digest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import parley.keys.gba.digest.DigestCredentials.Freshness;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// `MD5(H(A1):nonce:nc:cnonce:qop:H(A2))` (RFC 7616, 3.4.1), for the request and for the answer.
final class RequestDigest {
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  private RequestDigest() {}

  /// The response to a challenge; A2 is `method:uri` and for auth-int the hash of the body.
  static String response(
      DigestCredentials credentials, SecretBytes password, String method, byte[] body) {
    return compute(credentials, password, method + ":" + credentials.uri(), body);
  }

  /// The server's proof; its A2 has no method.
  static String rspauth(DigestCredentials credentials, SecretBytes password, byte[] body) {
    return compute(credentials, password, ":" + credentials.uri(), body);
  }

  /// Compares hex digits in constant time.
  static boolean isEqual(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(US_ASCII), other.getBytes(US_ASCII));
  }

  private static String compute(
      DigestCredentials credentials, SecretBytes password, String a2, byte[] body) {
    Freshness freshness = credentials.freshness();
    if (freshness == null) {
      throw new IllegalArgumentException("a digest without qop is not fresh");
    }
    MessageDigest md5 = md5();
    byte[] ha2 = hashedA2(md5, a2, freshness.qop(), body);
    byte[] ha1 = hashedA1(md5, credentials, password);
    try {
      md5.update(ha1);
      String middle =
          String.join(
              ":",
              "",
              credentials.nonce(),
              freshness.ncText(),
              freshness.cnonce(),
              freshness.qop().token(),
              "");
      md5.update(middle.getBytes(UTF_8));
      return new String(hex(md5.digest(ha2)), US_ASCII);
    } finally {
      Arrays.fill(ha1, (byte) 0);
    }
  }

  /// As good as the password, so the caller zeroes it.
  private static byte[] hashedA1(
      MessageDigest md5, DigestCredentials credentials, SecretBytes password) {
    md5.update((credentials.username() + ":" + credentials.realm() + ":").getBytes(UTF_8));
    byte[] hash = password.lend(SecretAccess.token(), md5::digest);
    try {
      return hex(hash);
    } finally {
      Arrays.fill(hash, (byte) 0);
    }
  }

  private static byte[] hashedA2(MessageDigest md5, String a2, Qop qop, byte[] body) {
    byte[] bodyHash = qop == Qop.AUTH_INT ? hex(md5.digest(body)) : new byte[0];
    md5.update(a2.getBytes(UTF_8));
    if (qop == Qop.AUTH_INT) {
      md5.update((byte) ':');
      md5.update(bodyHash);
    }
    return hex(md5.digest());
  }

  private static byte[] hex(byte[] hash) {
    byte[] hex = new byte[2 * hash.length];
    for (int i = 0; i < hash.length; i++) {
      hex[2 * i] = HEX[(hash[i] >>> 4) & 0xF];
      hex[2 * i + 1] = HEX[hash[i] & 0xF];
    }
    return hex;
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no MD5", e);
    }
  }
}
