package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.Q;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.InvalidPoint;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The KMS Public Key Z (RFC 6508, 2.2). Thread-safe.
///
/// From the fourth use on it has a table of 4.5 MB, made in the background.
public final class SakkePublicKey {
  /// `0x04 || R_x || R_y || H` (RFC 6508, 4).
  public static final int ENCAPSULATED_OCTETS = ParameterSet1.ENCAPSULATED_OCTETS;

  /// What fits into a processor's cache, about 1 MB.
  private static final int BATCH = 64;

  /// From how many on an inversion for all is cheaper than none for each.
  private static final int WORTH_SHARING = 8;

  private static final SecretAccess ACCESS = SecretAccess.token();

  private final Curve curve;
  private final FixedBase z;
  private final byte[] octets;

  /// For a point of order q.
  SakkePublicKey(Curve curve, AffinePoint z) {
    this.curve = curve;
    this.z = new FixedBase(z);
    this.octets = z.encode();
  }

  /// Reads the 257 octets `0x04 || x || y`; takes some milliseconds to check the order.
  ///
  /// @throws InvalidPoint if they are no point of order q in exactly this form
  public static SakkePublicKey of(byte[] octets) throws InvalidPoint {
    return of(Curve.fastest(), octets);
  }

  static SakkePublicKey of(Curve curve, byte[] octets) throws InvalidPoint {
    AffinePoint point = AffinePoint.decode(curve.field(), octets, "the KMS public key");
    if (!point.hasOrderQ()) {
      throw new InvalidPoint("the KMS public key is not in the subgroup of order q");
    }
    return new SakkePublicKey(curve, point);
  }

  public byte[] octets() {
    return octets.clone();
  }

  Curve curve() {
    return curve;
  }

  /// Encrypts `ssv`, 16 octets that should be random, to `id`: 273 octets, the same for the same
  /// SSV (RFC 6508, 6.2.1).
  ///
  /// @throws IllegalArgumentException if `ssv` has another length, or `id` is no integer from 2 to
  ///   q - 1
  public byte[] encapsulate(byte[] id, SecretBytes ssv) {
    return encapsulate(List.of(id), ssv).getFirst();
  }

  /// As [#encapsulate(byte[], SecretBytes)] to each of many, for less than that many times the
  /// work: best by 64 or more.
  public List<byte[]> encapsulate(List<byte[]> ids, SecretBytes ssv) {
    if (ssv.length() != ParameterSet1.SSV_OCTETS) {
      throw new IllegalArgumentException("an SSV has 16 octets, not " + ssv.length());
    }
    return ssv.lend(ACCESS, secret -> encapsulate(ids, secret));
  }

  private List<byte[]> encapsulate(List<byte[]> ids, byte[] ssv) {
    var all = new ArrayList<byte[]>();
    for (int from = 0; from < ids.size(); from += BATCH) {
      all.addAll(batch(ids.subList(from, Math.min(ids.size(), from + BATCH)), ssv));
    }
    return all;
  }

  private List<byte[]> batch(List<byte[]> ids, byte[] ssv) {
    List<byte[]> scalars =
        ids.stream().map(id -> HashToIntegerRange.ofOrder(curve.scalars(), ssv, id)).toList();
    var sums = new ArrayList<FixedBase.Multiple[]>();
    for (int i = 0; i < ids.size(); i++) {
      sums.add(sum(identifier(ids.get(i)), scalars.get(i)));
    }
    List<AffinePoint> points = points(sums);
    var encapsulated = new ArrayList<byte[]>();
    for (int i = 0; i < ids.size(); i++) {
      byte[] r = scalars.get(i);
      byte[] hint = masked(ssv, curve.powerOfG(r));
      encapsulated.add(
          ByteBuffer.allocate(ENCAPSULATED_OCTETS).put(points.get(i).encode()).put(hint).array());
      Arrays.fill(r, (byte) 0);
    }
    return encapsulated;
  }

  /// `R = [r]([b]P + Z)`, as `[rb]P + [r]Z`.
  FixedBase.Multiple[] sum(byte[] b, byte[] r) {
    byte[] rb = curve.scalars().product(r, b);
    return new FixedBase.Multiple[] {curve.generator().times(rb), z.times(r)};
  }

  private static List<AffinePoint> points(List<FixedBase.Multiple[]> sums) {
    if (sums.size() >= WORTH_SHARING) {
      Optional<List<AffinePoint>> points = FixedBase.sums(sums);
      if (points.isPresent()) {
        return points.get();
      }
    }
    return sums.stream().map(SakkePublicKey::point).toList();
  }

  /// Infinity has odds of 2^-1022.
  private static AffinePoint point(FixedBase.Multiple... terms) {
    try (JacobianPoint sum = FixedBase.sum(terms)) {
      return sum.toAffine()
          .orElseThrow(() -> new IllegalArgumentException("this SSV has no point; draw another"));
    }
  }

  /// `[b]P + Z`, the key that stands for an identifier; absent for infinity.
  Optional<AffinePoint> keyOf(byte[] b) {
    try (JacobianPoint key = FixedBase.sum(curve.generator().times(b))) {
      key.plus(z.point());
      return key.toAffine();
    }
  }

  /// `value xor HashToIntegerRange(w, 2^n)`: the hint from the SSV, and the SSV from the hint.
  /// Zeroes w, 128 octets.
  static byte[] masked(byte[] value, byte[] w) {
    byte[] masked = HashToIntegerRange.ofSsv(w);
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= value[i];
    }
    Arrays.fill(w, (byte) 0);
    return masked;
  }

  /// The 128 octets of an identifier. One that is not below q is refused, not reduced: two
  /// identifiers that are equal modulo q would have one key (RFC 6508, 2.2).
  static byte[] identifier(byte[] id) {
    var b = new BigInteger(1, id);
    if (b.compareTo(BigInteger.TWO) < 0 || b.compareTo(Q) >= 0) {
      throw new IllegalArgumentException(
          "a SAKKE identifier is an integer from 2 to q - 1; this one has "
              + id.length
              + " octets");
    }
    return Fp.octets(b);
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
