package parley.keys.vault;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Shamir's sharing of a secret, octet by octet over GF(2^8) with the polynomial of AES (0x11b):
/// any `needed` shares give the secret back, fewer say nothing about it.
///
/// Each octet is the value at 0 of a polynomial of degree `needed - 1` with random coefficients;
/// the share of x is its values at x. A share does not say whether it is genuine: its seal does. No
/// table and no branch depends on a secret octet.
final class Shamir {
  private Shamir() {}

  /// The shares of x = 1, 2, ... `shares`; the caller closes them.
  static List<SecretBytes> split(SecretBytes secret, int needed, int shares, SecureRandom random) {
    if (needed < 1 || needed > shares || shares > 255) {
      throw new IllegalArgumentException(needed + " of " + shares + " shares");
    }
    byte[][] coefficients = new byte[needed][secret.length()];
    try {
      secret.lendTo(
          SecretAccess.token(), s -> System.arraycopy(s, 0, coefficients[0], 0, s.length));
      for (int i = 1; i < needed; i++) {
        random.nextBytes(coefficients[i]);
      }
      List<SecretBytes> made = new ArrayList<>();
      for (int x = 1; x <= shares; x++) {
        made.add(SecretBytes.take(valueAt(x, coefficients), "vault share " + x));
      }
      return made;
    } finally {
      wipe(coefficients);
    }
  }

  /// Horner's rule from the highest coefficient down.
  private static byte[] valueAt(int x, byte[][] coefficients) {
    byte[] value = new byte[coefficients[0].length];
    for (int i = coefficients.length - 1; i >= 0; i--) {
      for (int at = 0; at < value.length; at++) {
        value[at] = (byte) (times(value[at] & 0xff, x) ^ coefficients[i][at]);
      }
    }
    return value;
  }

  /// The secret from exactly as many shares as are needed, by their x; the caller closes it. Other
  /// shares give another secret.
  static SecretBytes join(Map<Integer, SecretBytes> shares) {
    int octets = shares.values().iterator().next().length();
    byte[] secret = new byte[octets];
    for (Map.Entry<Integer, SecretBytes> share : shares.entrySet()) {
      int weight = weight(share.getKey(), shares.keySet());
      share
          .getValue()
          .lendTo(
              SecretAccess.token(),
              value -> {
                for (int at = 0; at < octets; at++) {
                  secret[at] ^= (byte) times(value[at] & 0xff, weight);
                }
              });
    }
    return SecretBytes.take(secret, "vault shared secret");
  }

  /// Lagrange's weight at 0: the product of other / (other - x), and minus is exclusive or.
  private static int weight(int x, Iterable<Integer> all) {
    int weight = 1;
    for (int other : all) {
      if (other != x) {
        weight = times(weight, times(other, inverse(other ^ x)));
      }
    }
    return weight;
  }

  /// The product in the field; takes the same steps for all factors.
  static int times(int a, int b) {
    int product = 0;
    int shifted = a;
    for (int bit = 0; bit < 8; bit++) {
      product ^= shifted & -(b >> bit & 1);
      shifted = (shifted << 1) ^ (0x11b & -(shifted >> 7));
    }
    return product;
  }

  /// a^254, which is 1/a.
  static int inverse(int a) {
    int power = a;
    int result = 1;
    for (int bit = 1; bit < 8; bit++) {
      power = times(power, power);
      result = times(result, power);
    }
    return result;
  }

  private static void wipe(byte[][] arrays) {
    for (byte[] array : arrays) {
      Arrays.fill(array, (byte) 0);
    }
  }
}
