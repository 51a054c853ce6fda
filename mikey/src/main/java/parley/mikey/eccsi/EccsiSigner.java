package parley.mikey.eccsi;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import parley.mikey.InvalidKey;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Signs as one identity in one key period (RFC 6507, 5.2.1). Thread-safe until closed.
public final class EccsiSigner implements AutoCloseable {
  /// `r || s || PVT`.
  public static final int SIGNATURE_OCTETS = 2 * P256.SCALAR_OCTETS + P256.POINT_OCTETS;

  private static final SecretAccess ACCESS = SecretAccess.token();

  private final SecretBytes ssk;
  private final byte[] pvt;
  private final byte[] hs;

  EccsiSigner(SecretBytes ssk, byte[] pvt, byte[] hs) {
    this.ssk = ssk;
    this.pvt = pvt;
    this.hs = hs;
  }

  /// Checks the key against identifier and KMS, as every key must be before its first use (5.1.2).
  /// Copies `ssk`, which stays the caller's.
  ///
  /// @throws InvalidKey if `KPAK = [SSK]G - [HS]PVT` does not hold, or a value is out of range
  public static EccsiSigner of(EccsiPublicKey kpak, byte[] id, SecretBytes ssk, byte[] pvt)
      throws InvalidKey {
    ECPoint token = P256.decode(pvt, "the PVT");
    byte[] hs = EccsiHash.hs(kpak, id, pvt);
    if (ssk.length() != P256.SCALAR_OCTETS
        || !ssk.lend(
            ACCESS, k -> matches(new BigInteger(1, k), kpak, new BigInteger(1, hs), token))) {
      throw new InvalidKey("the signing key was not issued by this KMS for this identifier");
    }
    return new EccsiSigner(ssk.duplicate(), pvt.clone(), hs);
  }

  private static boolean matches(BigInteger ssk, EccsiPublicKey kpak, BigInteger hs, ECPoint pvt) {
    BigInteger scalar = hs.mod(P256.Q);
    return P256.isScalar(ssk)
        && scalar.signum() != 0
        && P256.multiplyG(ssk).equals(pvt.multiply(scalar).add(kpak.point()).normalize());
  }

  /// Signs `length` octets at `offset`: 129 octets, which differ at each call.
  ///
  /// The fresh scalar j is the first 32 octets that `random` gives from 1 to q - 1. A j that leads
  /// to r = 0 or HE + r SSK = 0 is drawn again.
  public byte[] sign(byte[] octets, int offset, int length, SecureRandom random) {
    Objects.checkFromIndexSize(offset, length, octets.length);
    while (true) {
      BigInteger j = P256.randomScalar(random);
      Optional<byte[]> signature = sign(octets, offset, length, j);
      if (signature.isPresent()) {
        return signature.get();
      }
    }
  }

  private Optional<byte[]> sign(byte[] octets, int offset, int length, BigInteger j) {
    BigInteger r = P256.multiplyG(j).getAffineXCoord().toBigInteger();
    byte[] rOctets = P256.encode(r);
    var he = new BigInteger(1, EccsiHash.he(hs, rOctets, octets, offset, length));
    BigInteger e = ssk.lend(ACCESS, k -> r.multiply(new BigInteger(1, k)).add(he).mod(P256.Q));
    if (!P256.isScalar(r) || e.signum() == 0) {
      return Optional.empty();
    }
    BigInteger s = BigIntegers.modOddInverse(P256.Q, e).multiply(j).mod(P256.Q);
    return Optional.of(
        ByteBuffer.allocate(SIGNATURE_OCTETS).put(rOctets).put(P256.encode(s)).put(pvt).array());
  }

  @Override
  public void close() {
    ssk.close();
  }

  @Override
  public String toString() {
    return "EccsiSigner[PVT " + HexFormat.of().formatHex(pvt) + "]";
  }
}
