package parley.mikey.eccsi;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import parley.mikey.InvalidPoint;

/// The KMS Public Authentication Key, KPAK (RFC 6507, 4.2). Thread-safe.
///
/// It makes itself a table of 88 KB (in Java 110) when it is first needed for a signer that is new.
public final class EccsiPublicKey {
  private static final int TABLE_WIDTH = 6;

  private final long[] point;
  private final byte[] octets;
  private volatile @Nullable PointTable table;

  private EccsiPublicKey(byte[] octets, long[] point) {
    this.octets = octets;
    this.point = point;
  }

  /// Reads the 65 octets `0x04 || x || y`.
  ///
  /// @throws InvalidPoint if they are no point of the curve in exactly this form
  public static EccsiPublicKey of(byte[] octets) throws InvalidPoint {
    return new EccsiPublicKey(
        octets.clone(), P256.decode(octets, "the KMS public authentication key"));
  }

  public byte[] octets() {
    return octets.clone();
  }

  /// x and y; nobody changes them.
  long[] point() {
    return point;
  }

  PointTable table() {
    PointTable made = table;
    if (made == null) {
      made = PointTable.wide(point, TABLE_WIDTH);
      table = made;
    }
    return made;
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
