package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;
import static parley.mikey.sakke.ParameterSet1.Q;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The KMS Master Secret z, and what it issues (RFC 6508, 6.1). Thread-safe until closed.
public final class SakkeMasterKey implements AutoCloseable {
  private static final SecretAccess ACCESS = SecretAccess.token();
  private static final int UNUSED_BITS = 8 * FIELD_OCTETS - Q.bitLength();

  private final Curve curve;
  private final SecretBytes z;
  private final SakkePublicKey publicKey;

  private SakkeMasterKey(Curve curve, SecretBytes z) {
    this.curve = curve;
    this.z = z;
    AffinePoint point = z.lend(ACCESS, octets -> multipleOfP(curve, octets));
    this.publicKey = new SakkePublicKey(curve, point);
  }

  private static AffinePoint multipleOfP(Curve curve, byte[] k) {
    try (JacobianPoint multiple = FixedBase.hiddenSum(curve.generator().times(k))) {
      return multiple.toAffine().orElseThrow();
    }
  }

  public static SakkeMasterKey generate(SecureRandom random) {
    var octets = new byte[FIELD_OCTETS];
    do {
      random.nextBytes(octets);
      octets[0] &= (byte) (0xFF >>> UNUSED_BITS);
    } while (!isMasterSecret(octets));
    return new SakkeMasterKey(Curve.fastest(), SecretBytes.take(octets, "SAKKE master secret"));
  }

  /// Copies `z`, which stays the caller's.
  ///
  /// @throws IllegalArgumentException if it is not 128 octets from 2 to q - 1
  public static SakkeMasterKey of(SecretBytes z) {
    return of(Curve.fastest(), z);
  }

  static SakkeMasterKey of(Curve curve, SecretBytes z) {
    if (z.length() != FIELD_OCTETS || !z.lend(ACCESS, SakkeMasterKey::isMasterSecret)) {
      throw new IllegalArgumentException("a SAKKE master secret is 128 octets from 2 to q - 1");
    }
    return new SakkeMasterKey(curve, z.duplicate());
  }

  private static boolean isMasterSecret(byte[] octets) {
    var z = new BigInteger(1, octets);
    return z.compareTo(BigInteger.TWO) >= 0 && z.compareTo(Q) < 0;
  }

  /// The master secret, 128 octets, for storage. It closes with this object.
  public SecretBytes secret() {
    return z;
  }

  public SakkePublicKey publicKey() {
    return publicKey;
  }

  /// The Receiver Secret Key of an identifier, `[(id + z)^-1]P`, 257 octets; the caller closes it.
  ///
  /// @throws IllegalArgumentException if `id` is no integer from 2 to q - 1
  public SecretBytes issue(byte[] id) {
    byte[] b = SakkePublicKey.identifier(id);
    byte[] inverse =
        z.lend(ACCESS, octets -> curve.scalars().inverseOfSum(b, octets))
            .orElseThrow(() ->
                new IllegalArgumentException("this identifier is -z modulo q: it can have no key"));
    try (AffinePoint rsk = multipleOfP(curve, inverse)) {
      return SecretBytes.take(rsk.encode(), "RSK");
    } finally {
      Arrays.fill(inverse, (byte) 0);
    }
  }

  @Override
  public void close() {
    z.close();
  }

  @Override
  public String toString() {
    return "SakkeMasterKey[" + publicKey + "]";
  }
}
