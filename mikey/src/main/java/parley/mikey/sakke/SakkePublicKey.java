package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.Q;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;
import parley.mikey.InvalidPoint;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The KMS Public Key Z (RFC 6508, 2.2), with a table for its multiples (about 80 KB). Thread-safe.
public final class SakkePublicKey {
  /// `0x04 || R_x || R_y || H` (RFC 6508, 4).
  public static final int ENCAPSULATED_OCTETS = ParameterSet1.ENCAPSULATED_OCTETS;

  private static final SecretAccess ACCESS = SecretAccess.token();

  private final PointTable z;
  private final byte[] octets;

  SakkePublicKey(PointTable z) {
    this.z = z;
    this.octets = z.base().encode();
  }

  /// Reads the 257 octets `0x04 || x || y`; takes some tens of milliseconds for order check and
  /// table.
  ///
  /// @throws InvalidPoint if they are no point of order q in exactly this form
  public static SakkePublicKey of(byte[] octets) throws InvalidPoint {
    String what = "the KMS public key";
    return new SakkePublicKey(PointTable.of(AffinePoint.decode(octets, what), what));
  }

  public byte[] octets() {
    return octets.clone();
  }

  /// Encrypts `ssv`, 16 octets that should be random, to `id`: 273 octets, the same for the same
  /// SSV (RFC 6508, 6.2.1).
  ///
  /// @throws IllegalArgumentException if `ssv` has another length, or `id` is no integer from 2 to
  ///   q - 1
  public byte[] encapsulate(byte[] id, SecretBytes ssv) {
    BigInteger b = identifier(id);
    if (ssv.length() != ParameterSet1.SSV_OCTETS) {
      throw new IllegalArgumentException("an SSV has 16 octets, not " + ssv.length());
    }
    return ssv.lend(ACCESS, secret -> encapsulate(id, b, secret));
  }

  private byte[] encapsulate(byte[] id, BigInteger b, byte[] ssv) {
    BigInteger r = HashToIntegerRange.of(Q, ssv, id);
    byte[] point =
        point(b, r)
            .orElseThrow(() -> new IllegalArgumentException("this SSV has no point; draw another"));
    byte[] hint = masked(ssv, Generator.power(r));
    return ByteBuffer.allocate(ENCAPSULATED_OCTETS).put(point).put(hint).array();
  }

  /// `R = [r]([b]P + Z)`, computed as `[rb]P + [r]Z`; absent for infinity, at odds of 2^-1022.
  Optional<byte[]> point(BigInteger b, BigInteger r) {
    BigInteger rb = r.multiply(b).mod(Q);
    return Generator.P.multiplyAdd(rb, z, r).toAffine().map(AffinePoint::encode);
  }

  /// `[b]P + Z`, the key that stands for an identifier.
  JacobianPoint keyOf(BigInteger b) {
    return Generator.P.multiply(b).plus(z.base());
  }

  /// `value xor HashToIntegerRange(w, 2^n)`: the hint from the SSV, and the SSV from the hint.
  static byte[] masked(byte[] value, BigInteger w) {
    byte[] wOctets = Fp.octets(w);
    BigInteger mask = HashToIntegerRange.of(ParameterSet1.SSV_RANGE, wOctets);
    byte[] masked = BigIntegers.asUnsignedByteArray(ParameterSet1.SSV_OCTETS, mask);
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= value[i];
    }
    Arrays.fill(wOctets, (byte) 0);
    return masked;
  }

  /// The identifier as an integer. One that is not below q is refused, not reduced: two identifiers
  /// that are equal modulo q would have one key (RFC 6508, 2.2).
  static BigInteger identifier(byte[] id) {
    var b = new BigInteger(1, id);
    if (b.compareTo(BigInteger.TWO) < 0 || b.compareTo(Q) >= 0) {
      throw new IllegalArgumentException(
          "a SAKKE identifier is an integer from 2 to q - 1; this one has "
              + id.length
              + " octets");
    }
    return b;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SakkePublicKey that && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  @Override
  public String toString() {
    return "SakkePublicKey[" + HexFormat.of().formatHex(octets) + "]";
  }
}
