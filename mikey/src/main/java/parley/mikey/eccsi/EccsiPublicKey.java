package parley.mikey.eccsi;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;
import parley.mikey.InvalidPoint;

/// The KMS Public Authentication Key, KPAK (RFC 6507, 4.2).
public final class EccsiPublicKey {
  private final ECPoint point;
  private final byte[] octets;

  EccsiPublicKey(ECPoint point) {
    this.point = point;
    this.octets = P256.encode(point);
  }

  /// Reads the 65 octets `0x04 || x || y`.
  ///
  /// @throws InvalidPoint if they are no point of the curve in exactly this form
  public static EccsiPublicKey of(byte[] octets) throws InvalidPoint {
    return new EccsiPublicKey(P256.decode(octets, "the KMS public authentication key"));
  }

  public byte[] octets() {
    return octets.clone();
  }

  ECPoint point() {
    return point;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EccsiPublicKey that && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  @Override
  public String toString() {
    return "EccsiPublicKey[" + HexFormat.of().formatHex(octets) + "]";
  }
}
