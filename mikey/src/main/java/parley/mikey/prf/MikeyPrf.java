package parley.mikey.prf;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The PRF func of the common header (RFC 3830, 6.1 and 4.1.2; RFC 6043, 6.1).
public enum MikeyPrf {
  MIKEY_1(0, "HmacSHA1"),
  HMAC_SHA_256(1, "HmacSHA256");

  /// 256 bits for both functions, whatever the hash (RFC 3830, 4.1.2).
  private static final int INKEY_BLOCK = 32;

  private final int code;
  private final String mac;

  MikeyPrf(int code, String mac) {
    this.code = code;
    this.mac = mac;
  }

  /// The number on the wire, 7 bits.
  public int code() {
    return code;
  }

  public static Optional<MikeyPrf> withCode(int code) {
    return Arrays.stream(values()).filter(prf -> prf.code == code).findFirst();
  }

  /// `PRF(inkey, label)`, cut to `octets`: the XOR of P over the 32-octet blocks of `inkey`.
  ///
  /// The caller zeroes the result; scratch is zeroed here.
  ///
  /// @throws IllegalArgumentException if `inkey` is empty
  public byte[] derive(byte[] inkey, byte[] label, int octets) {
    if (inkey.length == 0) {
      throw new IllegalArgumentException("a PRF needs a key of at least one octet");
    }
    var outkey = new byte[octets];
    for (int start = 0; start < inkey.length; start += INKEY_BLOCK) {
      byte[] block = Arrays.copyOfRange(inkey, start, Math.min(inkey.length, start + INKEY_BLOCK));
      try {
        xorP(block, label, outkey);
      } finally {
        Arrays.fill(block, (byte) 0);
      }
    }
    return outkey;
  }

  /// XORs `P(s, label, m)` into `out`: HMAC(s, A1 || label) || HMAC(s, A2 || label) ..., A0 =
  /// label.
  private void xorP(byte[] s, byte[] label, byte[] out) {
    try {
      var hmac = Mac.getInstance(mac);
      hmac.init(new SecretKeySpec(s, mac));
      byte[] a = label;
      for (int done = 0; done < out.length; done += hmac.getMacLength()) {
        a = hmac.doFinal(a);
        hmac.update(a);
        byte[] piece = hmac.doFinal(label);
        for (int i = 0; i < Math.min(piece.length, out.length - done); i++) {
          out[done + i] ^= piece[i];
        }
        Arrays.fill(piece, (byte) 0);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + mac, e);
    }
  }
}
