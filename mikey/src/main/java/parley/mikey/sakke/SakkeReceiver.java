package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.ENCAPSULATED_OCTETS;
import static parley.mikey.sakke.ParameterSet1.POINT_OCTETS;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.InvalidKey;
import parley.mikey.InvalidPoint;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Opens what was encrypted to one identifier, with its Receiver Secret Key (RFC 6508, 6.2.2).
///
/// Thread-safe. The key lives on as the lines of its pairing (about 390 KB), which `close()`
/// zeroes.
public final class SakkeReceiver implements AutoCloseable {
  private static final SecretAccess ACCESS = SecretAccess.token();
  private static final byte[] G = Fp.octets(ParameterSet1.G);

  private final SakkePublicKey z;
  private final byte[] id;
  private final byte[] b;
  private volatile @Nullable PairingLines rsk;

  private SakkeReceiver(SakkePublicKey z, byte[] id, byte[] b, PairingLines rsk) {
    this.z = z;
    this.id = id;
    this.b = b;
    this.rsk = rsk;
  }

  /// Checks the key against identifier and KMS, as every key must be when it arrives: `<[b]P + Z,
  /// K> = g` (6.1.2). Takes some ten milliseconds. `rsk`, 257 octets, stays the caller's.
  ///
  /// @throws InvalidKey if that does not hold, `rsk` is no point of order q, or `id` is out of
  ///   range
  public static SakkeReceiver of(SakkePublicKey z, byte[] id, SecretBytes rsk) throws InvalidKey {
    byte[] b;
    try {
      b = SakkePublicKey.identifier(id);
    } catch (IllegalArgumentException _) {
      throw new InvalidKey("the identifier of a receiver secret key is no integer from 2 to q - 1");
    }
    PairingLines lines = lines(z.curve().field(), rsk);
    Optional<byte[]> g = z.keyOf(b).flatMap(lines::with);
    if (g.isEmpty() || !MessageDigest.isEqual(g.get(), G)) {
      lines.close();
      throw new InvalidKey(
          "the receiver secret key was not issued by this KMS for this identifier");
    }
    return new SakkeReceiver(z, id.clone(), b, lines);
  }

  private static PairingLines lines(Field field, SecretBytes rsk) throws InvalidPoint {
    String what = "the receiver secret key";
    byte[] octets = rsk.lend(ACCESS, byte[]::clone);
    try (AffinePoint k = AffinePoint.decode(field, octets, what)) {
      return PairingLines.of(k, what);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /// The shared secret value, 16 octets, which the caller closes; absent if `data` is not what
  /// [SakkePublicKey#encapsulate] makes of it for this identifier, octet for octet.
  ///
  /// R is computed again from the opened value and compared before that value leaves: it is this
  /// which stops a sender of chosen points from learning about the key (step 5). No octets of
  /// `data`, of any length, lead to an exception.
  ///
  /// @throws IllegalStateException once closed
  public Optional<SecretBytes> decapsulate(byte[] data) {
    PairingLines lines = rsk;
    if (lines == null) {
      throw new IllegalStateException("this receiver is closed");
    }
    if (data.length != ENCAPSULATED_OCTETS) {
      return Optional.empty();
    }
    byte[] hint = Arrays.copyOfRange(data, POINT_OCTETS, ENCAPSULATED_OCTETS);
    try {
      byte[] point = Arrays.copyOf(data, POINT_OCTETS);
      AffinePoint r = AffinePoint.decode(z.curve().field(), point, "R");
      return lines.with(r).flatMap(w -> opened(r, hint, w));
    } catch (InvalidPoint _) {
      return Optional.empty();
    }
  }

  private Optional<SecretBytes> opened(AffinePoint r, byte[] hint, byte[] w) {
    byte[] ssv = SakkePublicKey.masked(hint, w);
    byte[] scalar = HashToIntegerRange.ofOrder(z.curve().scalars(), ssv, id);
    try (JacobianPoint test = FixedBase.sum(z.sum(b, scalar))) {
      return test.is(r) ? Optional.of(SecretBytes.copyOf(ssv, "SSV")) : Optional.empty();
    } finally {
      Arrays.fill(ssv, (byte) 0);
      Arrays.fill(scalar, (byte) 0);
    }
  }

  @Override
  public void close() {
    PairingLines lines = rsk;
    rsk = null;
    if (lines != null) {
      lines.close();
    }
  }

  @Override
  public String toString() {
    return "SakkeReceiver[identifier " + HexFormat.of().formatHex(id) + "]";
  }
}
