package parley.mikey.prf;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.BigIntegers;

/// The key derivation that 3GPP uses everywhere (TS 33.220, Annex B): HMAC-SHA-256 over a string of
/// parameters, each followed by its length.
public final class Kdf33220 {
  private static final int MOST_PARAMETER_OCTETS = 0xFFFF;

  private Kdf33220() {}

  /// 32 octets from `key` and S. The caller zeroes the result.
  public static byte[] derive(byte[] key, int fc, byte[]... parameters) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(input(fc, parameters));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }

  /// S: `FC 1 | P0 | length 2 | P1 | length 2 ...`, big-endian.
  ///
  /// @throws IllegalArgumentException if a parameter is over 65535 octets
  public static byte[] input(int fc, byte[]... parameters) {
    var s = new ByteArrayOutputStream();
    s.write(fc);
    for (byte[] parameter : parameters) {
      if (parameter.length > MOST_PARAMETER_OCTETS) {
        throw new IllegalArgumentException("a parameter of " + parameter.length + " octets");
      }
      s.writeBytes(parameter);
      s.write(parameter.length >>> 8);
      s.write(parameter.length);
    }
    return s.toByteArray();
  }

  /// A number as a parameter: big-endian without leading zeros; zero is one octet.
  ///
  /// @throws IllegalArgumentException if it is negative
  public static byte[] number(long value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "the numbers of a key derivation are not negative: " + value);
    }
    return BigIntegers.asUnsignedByteArray(BigInteger.valueOf(value));
  }
}
