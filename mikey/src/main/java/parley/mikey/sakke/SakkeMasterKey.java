package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;
import static parley.mikey.sakke.ParameterSet1.Q;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.util.BigIntegers;
import parley.mikey.InvalidPoint;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The KMS Master Secret z, and what it issues (RFC 6508, 6.1). Thread-safe until closed.
public final class SakkeMasterKey implements AutoCloseable {
  private static final SecretAccess ACCESS = SecretAccess.token();
  private static final int UNUSED_BITS = 8 * FIELD_OCTETS - Q.bitLength();

  private final SecretBytes z;
  private final SakkePublicKey publicKey;

  private SakkeMasterKey(SecretBytes z) {
    this.z = z;
    this.publicKey = z.lend(ACCESS, octets -> publicKey(new BigInteger(1, octets)));
  }

  private static SakkePublicKey publicKey(BigInteger z) {
    try {
      AffinePoint point = Generator.P.multiply(z).toAffine().orElseThrow();
      return new SakkePublicKey(PointTable.of(point, "the KMS public key"));
    } catch (InvalidPoint e) {
      throw new IllegalStateException("a multiple of the generator has order q", e);
    }
  }

  public static SakkeMasterKey generate(SecureRandom random) {
    var octets = new byte[FIELD_OCTETS];
    do {
      random.nextBytes(octets);
      octets[0] &= (byte) (0xFF >>> UNUSED_BITS);
    } while (!isMasterSecret(octets));
    return new SakkeMasterKey(SecretBytes.take(octets, "SAKKE master secret"));
  }

  /// Copies `z`, which stays the caller's.
  ///
  /// @throws IllegalArgumentException if it is not 128 octets from 2 to q - 1
  public static SakkeMasterKey of(SecretBytes z) {
    if (z.length() != FIELD_OCTETS || !z.lend(ACCESS, SakkeMasterKey::isMasterSecret)) {
      throw new IllegalArgumentException("a SAKKE master secret is 128 octets from 2 to q - 1");
    }
    return new SakkeMasterKey(z.duplicate());
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
    BigInteger b = SakkePublicKey.identifier(id);
    return z.lend(ACCESS, octets -> issue(b.add(new BigInteger(1, octets)).mod(Q)));
  }

  private static SecretBytes issue(BigInteger sum) {
    if (sum.signum() == 0) {
      throw new IllegalArgumentException("this identifier is -z modulo q: it can have no key");
    }
    BigInteger inverse = BigIntegers.modOddInverse(Q, sum);
    AffinePoint rsk = Generator.P.multiply(inverse).toAffine().orElseThrow();
    return SecretBytes.take(rsk.encode(), "RSK");
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
