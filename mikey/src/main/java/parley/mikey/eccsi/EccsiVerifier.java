package parley.mikey.eccsi;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;
import parley.mikey.InvalidPoint;

/// Verifies signatures (RFC 6507, 5.2.2). Thread-safe.
///
/// `Y = [HS]PVT + KPAK` is constant for a signer's key, so it is remembered by HS, which is a hash
/// of KMS, identifier and PVT. Only a verified signature puts it there: the PVT is the sender's
/// choice, and a forger must not be able to push real signers out.
public final class EccsiVerifier {
  private final Map<ByteBuffer, ECPoint> signers;

  /// @param cachedSigners how many signers' Y are kept, the least recently seen going first; some
  ///   KB each
  public EccsiVerifier(int cachedSigners) {
    this.signers =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<ByteBuffer, ECPoint> eldest) {
            return size() > cachedSigners;
          }
        };
  }

  /// Whether `signature` (129 octets, `r || s || PVT`) is that of `id` over `length` octets at
  /// `offset`. No octets of it, of any length, lead to an exception.
  public boolean verify(
      EccsiPublicKey kpak, byte[] id, byte[] octets, int offset, int length, byte[] signature) {
    Objects.checkFromIndexSize(offset, length, octets.length);
    if (signature.length != EccsiSigner.SIGNATURE_OCTETS) {
      return false;
    }
    byte[] rOctets = Arrays.copyOfRange(signature, 0, P256.SCALAR_OCTETS);
    byte[] pvt = Arrays.copyOfRange(signature, 2 * P256.SCALAR_OCTETS, signature.length);
    var r = new BigInteger(1, rOctets);
    var s = new BigInteger(1, signature, P256.SCALAR_OCTETS, P256.SCALAR_OCTETS);
    if (!P256.isScalar(r) || !P256.isScalar(s)) {
      return false;
    }
    byte[] hs = EccsiHash.hs(kpak, id, pvt);
    var he = new BigInteger(1, EccsiHash.he(hs, rOctets, octets, offset, length));
    var known = ByteBuffer.wrap(hs);
    ECPoint y = cached(known);
    if (y == null) {
      y = y(kpak, new BigInteger(1, hs), pvt).orElse(null);
    }
    if (y == null || !isOnJ(r, s, he, y)) {
      return false;
    }
    remember(known, y);
    return true;
  }

  /// `Y = [HS]PVT + KPAK`; absent where the PVT is no point, or a sum is infinite.
  private static Optional<ECPoint> y(EccsiPublicKey kpak, BigInteger hs, byte[] pvt) {
    try {
      ECPoint token = P256.decode(pvt, "the PVT");
      ECPoint y = token.multiply(hs.mod(P256.Q)).add(kpak.point()).normalize();
      return hs.mod(P256.Q).signum() == 0 || y.isInfinity() ? Optional.empty() : Optional.of(y);
    } catch (InvalidPoint _) {
      return Optional.empty();
    }
  }

  /// Whether `J = [s]([HE]G + [r]Y)` has the x-coordinate r.
  private static boolean isOnJ(BigInteger r, BigInteger s, BigInteger he, ECPoint y) {
    BigInteger ofG = he.multiply(s).mod(P256.Q);
    BigInteger ofY = r.multiply(s).mod(P256.Q);
    ECPoint j = ECAlgorithms.sumOfTwoMultiplies(P256.G, ofG, y, ofY).normalize();
    return !j.isInfinity() && j.getAffineXCoord().toBigInteger().equals(r);
  }

  private @Nullable ECPoint cached(ByteBuffer hs) {
    synchronized (signers) {
      return signers.get(hs);
    }
  }

  private void remember(ByteBuffer hs, ECPoint y) {
    synchronized (signers) {
      signers.put(hs, y);
    }
  }

  int cachedSigners() {
    synchronized (signers) {
      return signers.size();
    }
  }
}
