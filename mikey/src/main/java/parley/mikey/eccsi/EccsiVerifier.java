package parley.mikey.eccsi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parley.mikey.InvalidPoint;

/// Verifies signatures (RFC 6507, 5.2.2). Thread-safe.
///
/// `Y = [HS]PVT + KPAK` is constant for a signer's key, so a signer that comes a second time gets a
/// table of Y, and is remembered by HS, which is a hash of KMS, identifier and PVT. Only a verified
/// signature puts it there: the PVT is the sender's choice, and a forger must not be able to push
/// real signers out.
public final class EccsiVerifier {
  private static final int TOKEN_WIDTH = 5;

  private final Map<ByteBuffer, Signer> signers;

  /// @param cachedSigners how many signers are remembered, the least recently seen going first;
  ///   some KB each
  public EccsiVerifier(int cachedSigners) {
    this.signers =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Signer> eldest) {
            return size() > cachedSigners;
          }
        };
  }

  /// Whether `signature` (129 octets, `r || s || PVT`) is that of `id` over `length` octets at
  /// `offset`. No octets of it, of any length, lead to an exception.
  public boolean verify(
      EccsiPublicKey kpak, byte[] id, byte[] octets, int offset, int length, byte[] signature) {
    Objects.checkFromIndexSize(offset, length, octets.length);
    if (signature.length != EccsiSigner.SIGNATURE_OCTETS
        || !P256.isScalar(signature, 0)
        || !P256.isScalar(signature, P256.SCALAR_OCTETS)) {
      return false;
    }
    byte[] r = Arrays.copyOf(signature, P256.SCALAR_OCTETS);
    byte[] s = Arrays.copyOfRange(signature, P256.SCALAR_OCTETS, 2 * P256.SCALAR_OCTETS);
    byte[] pvt = Arrays.copyOfRange(signature, 2 * P256.SCALAR_OCTETS, signature.length);
    byte[] hs = EccsiHash.hs(kpak, id, pvt);
    byte[] he = EccsiHash.he(hs, r, octets, offset, length);
    byte[] ofG = Scalars.product(he, s);
    byte[] ofY = Scalars.product(r, s);
    PointComb y = y(kpak, hs, pvt);
    try (var j = new PointSum()) {
      if (y != null) {
        y.addMultiple(j, ofY);
      } else if (!addMultipleOfY(j, kpak, hs, pvt, ofY)) {
        return false;
      }
      P256.TABLE_OF_G.addMultiple(j, ofG);
      boolean valid = j.isDefined() ? j.hasX(r, 0) : isOnJ(kpak, hs, pvt, ofY, ofG, r);
      if (valid && y == null) {
        remember(hs);
      }
      return valid;
    }
  }

  /// Adds `[k]Y` as `[k HS]PVT + [k]KPAK`, whose tables are there or cheap.
  ///
  /// @return false where the PVT is no point
  private static boolean addMultipleOfY(
      PointSum sum, EccsiPublicKey kpak, byte[] hs, byte[] pvt, byte[] k) {
    long[] token;
    try {
      token = P256.decode(pvt, "the PVT");
    } catch (InvalidPoint _) {
      return false;
    }
    PointTable.narrow(token, TOKEN_WIDTH).addMultiple(sum, Scalars.product(k, hs));
    kpak.table().addMultiple(sum, k);
    return true;
  }

  /// The same by other means, for sums that pass through infinity or double a point.
  static boolean isOnJ(
      EccsiPublicKey kpak, byte[] hs, byte[] pvt, byte[] ofY, byte[] ofG, byte[] r) {
    byte[] j =
        P256.sumSlowly(
            new byte[][] {P256.G, kpak.octets(), pvt},
            new byte[][] {ofG, ofY, Scalars.product(ofY, hs)});
    return j.length > 0 && Arrays.equals(j, 1, 1 + P256.SCALAR_OCTETS, r, 0, P256.SCALAR_OCTETS);
  }

  /// The table of a signer that verified before, made when that is asked for the first time.
  private @Nullable PointComb y(EccsiPublicKey kpak, byte[] hs, byte[] pvt) {
    Signer signer;
    synchronized (signers) {
      signer = signers.get(ByteBuffer.wrap(hs));
    }
    return signer == null ? null : signer.y(kpak, hs, pvt);
  }

  private void remember(byte[] hs) {
    synchronized (signers) {
      signers.putIfAbsent(ByteBuffer.wrap(hs), new Signer());
    }
  }

  int cachedSigners() {
    synchronized (signers) {
      return signers.size();
    }
  }

  private static final class Signer {
    private volatile @Nullable PointComb y;

    /// Null where Y is infinite, which no signer's is.
    @Nullable PointComb y(EccsiPublicKey kpak, byte[] hs, byte[] pvt) {
      PointComb made = y;
      if (made == null) {
        made = make(kpak, hs, pvt);
        y = made;
      }
      return made;
    }

    private static @Nullable PointComb make(EccsiPublicKey kpak, byte[] hs, byte[] pvt) {
      try (var sum = new PointSum()) {
        long[] token = P256.decode(pvt, "the PVT");
        PointTable.narrow(token, TOKEN_WIDTH).addMultiple(sum, Scalars.reduced(hs));
        sum.plus(kpak.point(), 0, 0);
        return sum.isDefined() ? PointComb.of(sum.affine()) : null;
      } catch (InvalidPoint e) {
        throw new IllegalStateException("a signer verified whose PVT is no point", e);
      }
    }
  }
}
